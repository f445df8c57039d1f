package io.glossa.trainer.nn;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;

/**
 * How long each utterance of a batch is, and which frames are real.
 *
 * @param counts F32 [B]: frames of each utterance
 * @param extent frames that the batch has room for
 */
public record Lengths(Tensor counts, int extent) {
    /** @param lengths I32 [B] */
    public static Lengths of(Tensor lengths, int extent) {
        return new Lengths(lengths.cast(DType.F32), extent);
    }

    /** After a convolution of stride 2: half, rounded up. */
    public Lengths halved() {
        return new Lengths(counts.add(1).mul(0.5).floor(), (extent + 1) / 2);
    }

    /** BOOL [B, extent]. */
    public Tensor real() {
        Tensor at = counts.iota(1, extent).cast(DType.F32);
        return at.less(counts.reshape(counts.dim(0), 1));
    }

    /** F32 [B, extent, 1]: 1 or 0. */
    public Tensor mask() {
        return real().cast(DType.F32).reshape(counts.dim(0), extent, 1);
    }
}
