package io.glossa.trainer.objective;

import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.Lengths;
import io.glossa.trainer.trace.Trace;

/**
 * How unlike each other frames are: what shows an encoder that has collapsed. All of it comes of sums over a batch.
 *
 * @param frames how many, F32 []
 * @param sums of the frames, F32 [1, d]
 * @param squares sums of the squares of their elements, F32 [1, d]
 * @param products sums of the products of any two of their elements, F32 [d, d]
 */
record Spread(Tensor frames, Tensor sums, Tensor squares, Tensor products) {
    /** Of frames [B, T, d] within their lengths. */
    static Spread of(Tensor x, Lengths lengths) {
        Tensor real = lengths.mask();
        Tensor rows = x.mul(real).reshape(-1, x.dim(-1));
        return new Spread(
                real.total(),
                rows.sum(0),
                rows.mul(rows).sum(0),
                rows.transpose().matmul(rows));
    }

    /**
     * Declares two metrics: {@code NAME-deviation}, the standard deviation over frames, its mean over the elements of a frame;
     * {@code NAME-rank}, from 0 or 1 to d, the participation ratio (tr C)² / tr C² of the frames' covariance C: in how many directions
     * frames differ.
     */
    void declare(Trace trace, String name) {
        Tensor all = frames.batchSum(name + ".frames");
        Tensor share = all.maximum(all.constant(1)).reciprocal();
        Tensor mean = sums.batchSum(name + ".sums").mul(share);
        Tensor variance = squares.batchSum(name + ".squares")
                .mul(share)
                .sub(mean.mul(mean))
                .relu();
        trace.output(name + "-deviation", variance.sqrt().mean(-1).reshape());
        Tensor covariance = products.batchSum(name + ".products")
                .mul(share)
                .sub(mean.transpose().mul(mean));
        Tensor whole = variance.total();
        Tensor squared = covariance.mul(covariance).total();
        trace.output(name + "-rank", whole.mul(whole).div(squared.maximum(squared.constant(1e-20))));
    }
}
