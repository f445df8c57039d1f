package io.glossa.trainer.nn;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;

/**
 * Symbols laid out over the encoder's frames, each from the frame at which it starts until the next one does.
 *
 * @param symbols I32 [B, T]: of each frame the last symbol that starts at it or before; 0 where none does
 * @param sinceLast I32 [B, T]: frames since the last symbol of all started, negative before; of no meaning without symbols
 */
public record Upsampling(Tensor symbols, Tensor sinceLast) {
    /**
     * @param labels I32 [B, U], from 1
     * @param lengths I32 [B]: how many of them there are
     * @param starts I32 [B, U]: frames, ascending, or all -1 if none starts; beyond the length they are not looked at
     * @param frames T
     */
    public static Upsampling of(Tensor labels, Tensor lengths, Tensor starts, int frames) {
        int rows = labels.dim(0);
        int columns = labels.dim(1);
        Tensor there = labels.iota(1, columns)
                .less(lengths.reshape(rows, 1))
                .and(starts.constant(-1).less(starts));
        Tensor start = there.where(starts, starts.constant(frames));
        Tensor at = labels.iota(1, frames);
        Tensor started = at.reshape(1, frames, 1)
                .less(start.reshape(rows, 1, columns))
                .not()
                .cast(DType.I32)
                .sum(2)
                .reshape(rows, frames);
        Tensor row = labels.iota(rows).mul(columns).reshape(rows, 1);
        Tensor last = started.constant(0).less(started).where(row.add(started).sub(row.constant(1)), row.constant(-1));
        Tensor symbols = labels.reshape(-1).gather(last.reshape(-1)).reshape(rows, frames);
        return new Upsampling(
                symbols, at.sub(there.where(starts, starts.constant(-1)).max(1)));
    }

    /** BOOL [B, T]: the frames of symbols, of which the last one is given so many at most. */
    public Tensor window(int lastFrames) {
        return symbols.constant(0).less(symbols).and(sinceLast.less(sinceLast.constant(lastFrames)));
    }
}
