package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Init;

/** Shifts and scales each mel bin by fixed statistics of the training data, kept with the model. */
public final class FrontEnd {
    /** The buffers' names: the mean and the standard deviation of each bin. */
    public static final String MEAN = "frontend.mean";

    public static final String STD = "frontend.std";

    private final Tensor mean;
    private final Tensor std;

    public FrontEnd(Scope root, ModelConfig config) {
        mean = root.buffer(MEAN, Init.ZEROS, config.mels());
        std = root.buffer(STD, Init.ONES, config.mels());
    }

    /** Log-mels [B, T, mels] → about zero mean and unit variance. */
    public Tensor apply(Tensor features) {
        return features.sub(mean).mul(std.reciprocal());
    }
}
