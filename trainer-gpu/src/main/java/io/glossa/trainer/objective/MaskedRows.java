package io.glossa.trainer.objective;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;

/**
 * The masked frames of a batch in a buffer of fixed capacity: those that the heads see.
 *
 * @param at I32 [R]: the position of each row among all frames, in order; -1 where there are fewer rows than room
 * @param used BOOL [R]: whether the row holds a frame
 */
record MaskedRows(Tensor at, Tensor used) {
    /**
     * The first {@code capacity} masked frames.
     *
     * @param masked BOOL [N]
     */
    static MaskedRows of(Tensor masked, int capacity) {
        int frames = masked.dim(0);
        Tensor ones = masked.cast(DType.I32);
        Tensor rank = ones.cumsum().sub(ones.constant(1));
        Tensor slot = masked.where(rank, rank.constant(-1));
        Tensor positions = ones.iota(frames).scatterAdd(slot, capacity);
        Tensor used = ones.iota(capacity).less(ones.sum(0));
        return new MaskedRows(used.where(positions, positions.constant(-1)), used);
    }

    /** Of frames [N, d] these rows, [R, d]; zeros in rows not used. */
    Tensor of(Tensor frames) {
        return frames.gather(at);
    }

    /** F32 [R]: 1 or 0. */
    Tensor weights() {
        return used.cast(DType.F32);
    }
}
