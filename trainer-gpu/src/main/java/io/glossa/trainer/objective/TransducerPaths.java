package io.glossa.trainer.objective;

import io.glossa.trainer.ir.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The recursions over a transducer's lattice (Graves 2012, §2.4), unrolled over its anti-diagonals in log space: what the
 * kernels are held to. Cell (t, u) has emitted u labels by frame t; a label goes on to (t, u + 1), a blank to (t + 1, u).
 */
final class TransducerPaths {
    /** Stands for log 0; finite, so that differences of two of them stay numbers. */
    private static final double NONE = -1e30;

    private final int rows;
    private final int diagonals;
    private final Tensor blank;
    private final Tensor label;
    private final Tensor frames;
    private final Tensor lengths;

    /**
     * @param in the value of {@link Transducer}, frames, label lengths
     * @param extent T
     * @param rows U + 1
     */
    TransducerPaths(List<Tensor> in, int extent, int rows) {
        this.rows = rows;
        this.diagonals = extent + rows - 1;
        int batch = in.get(1).dim(0);
        frames = in.get(1).reshape(batch, 1, 1);
        lengths = in.get(2).reshape(batch, 1, 1);
        Tensor cell = cells(frames, lengths, extent, rows);
        Tensor hasLabel = frames.iota(1, 1, rows).less(lengths).and(cell);
        blank = diagonal(plane(in.get(0), 0, extent), cell);
        label = diagonal(plane(in.get(0), 1, extent), hasLabel);
    }

    /** BOOL [B, T, U + 1] of frames and label lengths [B, 1, 1]: which cells there are. */
    static Tensor cells(Tensor frames, Tensor lengths, int extent, int rows) {
        Tensor u = frames.iota(1, 1, rows);
        return frames.iota(extent)
                .reshape(1, extent, 1)
                .less(frames)
                .and(lengths.less(u).not());
    }

    private Tensor plane(Tensor value, int index, int extent) {
        int cells = frames.dim(0) * extent * rows;
        int from = frames.dim(0) + index * cells;
        return value.slice(0, from, from + cells).reshape(frames.dim(0), extent, rows);
    }

    /** [B, T, U + 1] → [B, U + 1, T + U], a column per diagonal; log 0 where nothing counts. */
    private Tensor diagonal(Tensor plane, Tensor counted) {
        Tensor there = counted.cast(plane.dtype()).transpose().shear(0, -1, diagonals);
        Tensor sheared = plane.transpose().shear(0, -1, diagonals);
        return there.constant(0).less(there).where(sheared, none(sheared));
    }

    private static Tensor none(Tensor like) {
        return like.constant(NONE);
    }

    private Tensor at(Tensor plane, int diagonal) {
        return plane.slice(2, diagonal, diagonal + 1).reshape(frames.dim(0), rows);
    }

    private Tensor first() {
        Tensor u = frames.iota(1, rows);
        return u.equal(u.constant(0))
                .where(blank.constant(0), none(blank))
                .expand(at(blank, 0).shape());
    }

    private Tensor byLabel(Tensor before, int diagonal) {
        Tensor moved = before.add(at(label, diagonal));
        return moved.full(NONE, moved.dim(0), 1).concat(1, moved.slice(1, 0, rows - 1));
    }

    /** F32 [B]: minus the log-probability of all paths; 0 for an utterance without frames. */
    Tensor losses() {
        Tensor alpha = first();
        Tensor total = end(alpha, 0);
        for (int d = 1; d < diagonals; d++) {
            Tensor stay = alpha.add(at(blank, d - 1));
            Tensor move = byLabel(alpha, d - 1);
            Tensor top = stay.maximum(move);
            alpha = top.add(stay.sub(top).exp().add(move.sub(top).exp()).log());
            total = total.add(end(alpha, d));
        }
        return total.neg();
    }

    /** What leaves the lattice from this diagonal, by the last blank; 0 where that is on another one. */
    private Tensor end(Tensor alpha, int diagonal) {
        Tensor last = column(frames).add(column(lengths)).sub(frames.constant(1));
        Tensor here = last.equal(last.constant(diagonal))
                .and(frames.constant(0).less(column(frames)))
                .and(frames.iota(1, rows).equal(column(lengths)));
        return here.where(alpha.add(at(blank, diagonal)), alpha.constant(0))
                .sum(1)
                .reshape(frames.dim(0));
    }

    /** I32 [B, U]. */
    Tensor bestFrames() {
        Tensor best = first();
        List<Tensor> moved = new ArrayList<>();
        for (int d = 1; d < diagonals; d++) {
            Tensor stay = best.add(at(blank, d - 1));
            Tensor move = byLabel(best, d - 1);
            moved.add(stay.less(move));
            best = stay.maximum(move);
        }
        Tensor u = frames.iota(1, rows);
        Tensor at = column(lengths);
        Tensor last = column(frames).add(at).sub(frames.constant(1));
        Tensor none = frames.constant(-1);
        Tensor result = none.expand(best.shape());
        for (int d = diagonals - 1; d > 0; d--) {
            Tensor on = frames.constant(d - 1).less(last).and(frames.constant(0).less(column(frames)));
            Tensor here = u.equal(at).and(on).and(moved.get(d - 1));
            result = here.where(at.neg().add(frames.constant(d)), result);
            Tensor back = here.cast(at.dtype()).sum(1);
            at = at.sub(back);
        }
        return result.slice(1, 1, rows);
    }

    private Tensor column(Tensor x) {
        return x.reshape(frames.dim(0), 1);
    }
}
