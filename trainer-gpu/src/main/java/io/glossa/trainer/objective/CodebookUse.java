package io.glossa.trainer.objective;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.Scope;
import io.glossa.trainer.trace.Init;

/**
 * How evenly codebooks are used: what shows a quantiser that has collapsed.
 *
 * @param usage how often each code was used of late, [books, codes]
 */
record CodebookUse(Tensor usage) {
    /** The state that carries the histograms from step to step. */
    static final String STATE = "quantizer.usage";

    /** What is left of a count after a step: the histograms speak of about the last hundred. */
    private static final double KEPT = 0.99;

    /** The weight of a code that was seen once, a hundred steps ago. */
    private static final double RECENT = Math.pow(KEPT, 100);

    /**
     * Counts a step's codes.
     *
     * @param codes in each book, I32 [K, R]
     * @param used BOOL [R]: whether the row holds a frame
     * @param size codes of a book
     */
    static CodebookUse count(Scope root, Tensor codes, Tensor used, int size) {
        int books = codes.dim(0);
        int rows = codes.dim(1);
        Tensor offset = codes.iota(books).mul(size).reshape(books, 1);
        Tensor real = used.reshape(1, rows).expand(codes.shape());
        Tensor ids = real.where(codes.add(offset), codes.constant(-1)).reshape(books * rows);
        Tensor counts = real.cast(DType.F32).reshape(books * rows).scatterAdd(ids, books * size);
        Tensor before = root.trace().state(STATE, Init.ZEROS, books, size);
        Tensor after = before.mul(KEPT).add(counts.reshape(books, size).batchSum(STATE));
        root.trace().update(STATE, after);
        return new CodebookUse(after);
    }

    /** Share of the codes used of late, per book [books]. */
    Tensor coverage() {
        Tensor seen = usage.constant(RECENT).less(usage).cast(DType.F32);
        return seen.mean(-1).reshape(usage.dim(0));
    }

    /** Entropy of the codes in nats, per book [books]. */
    Tensor entropy() {
        Tensor p = usage.div(usage.sum(-1).maximum(usage.constant(1e-6)));
        return p.mul(p.maximum(p.constant(1e-10)).log()).sum(-1).neg().reshape(usage.dim(0));
    }
}
