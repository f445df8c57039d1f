package io.glossa.trainer.objective;

import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.Lengths;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.nn.Scope;
import io.glossa.trainer.trace.Init;

/**
 * The random-projection quantisers: normalised log-mels, four frames stacked, are projected and named by the nearest
 * entry of a codebook. Projections and codebooks are random and never change.
 *
 * <p>The nearest entry by cosine is the one of largest inner product, as entries have unit length and a row's own
 * length scales all its products alike.
 */
final class Quantizer {
    private final Tensor projection;
    private final Tensor codebook;

    /** Declares {@code quantizer.projection} [4·mels, K·w] and {@code quantizer.codebook} [K, codes, w]. */
    Quantizer(Scope root, BestRqConfig config, int mels) {
        Scope at = root.child("quantizer");
        int stacked = ModelConfig.SUBSAMPLING * mels;
        Init init = Init.xavier(stacked, config.codeDim());
        projection = at.buffer("projection", init, stacked, config.codebooks() * config.codeDim());
        codebook = at.buffer("codebook", new Init.UnitRows(), config.codebooks(), config.codes(), config.codeDim());
    }

    /** Rows [R, 4·mels] → their codes in each book, I32 [K, R]. */
    Tensor codes(Tensor rows) {
        return Tensor.call(new CodebookSearch(), rows.matmul(projection), codebook);
    }

    /**
     * Features [B, T, mels] → stacked rows [B·T/4, 4·mels]: each utterance shifted and scaled to mean 0 and deviation 1
     * over its real frames and all bins; zeros beyond its length.
     */
    static Tensor stack(Tensor features, Lengths lengths) {
        Tensor real = lengths.mask();
        Tensor one = lengths.counts().constant(1);
        Tensor values =
                lengths.counts().maximum(one).mul(features.dim(2)).reciprocal().reshape(features.dim(0), 1, 1);
        Tensor mean = features.mul(real).sum(1, 2).mul(values);
        Tensor centred = features.sub(mean).mul(real);
        Tensor deviation = centred.mul(centred).sum(1, 2).mul(values).sqrt().add(1e-5);
        return centred.mul(deviation.reciprocal())
                .reshape(
                        features.dim(0) * features.dim(1) / ModelConfig.SUBSAMPLING,
                        ModelConfig.SUBSAMPLING * features.dim(2));
    }
}
