package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;

/**
 * Utterances cut into blocks of equal length, and for each block a window: the block, and frames around it.
 *
 * @param frames of an utterance
 * @param block frames of a block; the last one is filled up with zeros
 * @param before frames of a window before its block; zeros beyond the utterance
 * @param after the same after it
 */
record Blocks(int frames, int block, int before, int after) {
    /** Of an utterance. */
    int count() {
        return over(frames);
    }

    /** Frames of a window. */
    int window() {
        return before + block + after;
    }

    /** [B, T, d] → [B · count, block, d]. */
    Tensor cut(Tensor x) {
        return filled(x).reshape(-1, block, x.dim(2));
    }

    /** [B · count, block, d] or [B, count, block, d] → [B, T, d]. */
    Tensor joined(Tensor x, int batch) {
        return x.reshape(batch, count() * block, x.dim(-1)).slice(1, 0, frames);
    }

    /** [B, T, d] → [B · count, window, d]. */
    Tensor windows(Tensor x) {
        int earlier = over(before);
        int all = earlier + 1 + over(after);
        Tensor blocks = filled(x).pad(1, earlier * block, over(after) * block).reshape(x.dim(0), -1, block, x.dim(2));
        Tensor windows = null;
        for (int i = 0; i < all; i++) {
            Tensor part = blocks.slice(1, i, i + count()).slice(2, low(i), high(i));
            windows = windows == null ? part : windows.concat(2, part);
        }
        return windows.reshape(-1, window(), x.dim(2));
    }

    /** The transpose of {@link #windows}: [B · count, window, d] → [B, T, d], frames that lie in several windows added up. */
    Tensor folded(Tensor windows, int batch) {
        int earlier = over(before);
        int all = earlier + 1 + over(after);
        Tensor each = windows.reshape(batch, count(), window(), windows.dim(2));
        Tensor sum = null;
        int from = 0;
        for (int i = 0; i < all; i++) {
            int size = high(i) - low(i);
            Tensor part = each.slice(2, from, from + size)
                    .pad(2, low(i), block - high(i))
                    .pad(1, i, all - 1 - i);
            sum = sum == null ? part : sum.add(part);
            from += size;
        }
        return joined(sum.slice(1, earlier, earlier + count()), batch);
    }

    /** Where the part of a window begins that lies in the block which is i behind the window's first. */
    private int low(int i) {
        return i == 0 ? over(before) * block - before : 0;
    }

    private int high(int i) {
        int last = over(before) + over(after);
        return i == last ? block - (over(after) * block - after) : block;
    }

    private Tensor filled(Tensor x) {
        return x.pad(1, 0, count() * block - frames);
    }

    /** How many blocks so many frames lie in. */
    private int over(int length) {
        return (length + block - 1) / block;
    }
}
