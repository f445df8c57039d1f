package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;

/**
 * The prediction network of a transducer without a state (Ghodsi et al. 2020): an embedding of symbols and one convolution
 * over the last two of them.
 */
public final class Prediction {
    private final Embedding embedding;
    private final Linear convolution;
    private final int width;

    /** @param symbols the blank among them, 0, which stands for what is before the first label */
    public Prediction(Scope at, int symbols, int width) {
        this.width = width;
        embedding = new Embedding(at, symbols, width);
        convolution = Linear.of(at.child("convolution"), 2 * width, width);
    }

    /** Labels I32 [B, U] → what may follow none, one, ... all of them, [B, U + 1, width]. */
    public Tensor apply(Tensor labels) {
        Tensor last = labels.pad(1, 1, 0);
        Tensor before = labels.pad(1, 2, 0).slice(1, 0, last.dim(1));
        return convolution
                .apply(embedding.apply(before).concat(2, embedding.apply(last)))
                .relu();
    }

    /** The last two labels I32 [B, 2], the older first → what may follow, [B, width]. */
    public Tensor next(Tensor lastTwo) {
        return convolution
                .apply(embedding.apply(lastTwo).reshape(-1, 2 * width))
                .relu();
    }
}
