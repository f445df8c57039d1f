package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Init;

/**
 * Log-mels [B, T, mels] → frames of 40 ms [B, T/4, d]: two 3×3 convolutions of stride 2, each with a ReLU, then a
 * projection. What lies beyond an utterance's length is zero before each convolution, as beyond the edge.
 *
 * <p>Frame t sees the log-mels from 4t - 3 to 4t + 3, so it looks over the beginning of a chunk, but never over the end of one.
 */
final class Subsampling {
    private static final int KERNEL = 3;

    private final Tensor weight1;
    private final Tensor bias1;
    private final Tensor weight2;
    private final Tensor bias2;
    private final Linear linear;

    Subsampling(Scope at, ModelConfig config) {
        int channels = config.channels();
        weight1 = kernel(at.child("conv1"), 1, channels);
        bias1 = at.child("conv1").parameter("bias", Init.ZEROS, channels);
        weight2 = kernel(at.child("conv2"), channels, channels);
        bias2 = at.child("conv2").parameter("bias", Init.ZEROS, channels);
        linear = Linear.of(at.child("linear"), ModelConfig.encoderFrames(config.mels()) * channels, config.dModel());
    }

    /**
     * @param real F32 [B, T, 1]: 1 for frames of the utterance, 0 beyond
     * @param half the same at 20 ms, [B, T/2, 1]
     */
    Tensor apply(Tensor features, Tensor real, Tensor half) {
        Tensor x = features.mul(real).reshape(features.dim(0), features.dim(1), features.dim(2), 1);
        x = x.conv2d(weight1, 2, 1).add(bias1).relu();
        x = x.mul(half.reshape(half.dim(0), half.dim(1), 1, 1));
        x = x.conv2d(weight2, 2, 1).add(bias2).relu();
        return linear.apply(x.reshape(x.dim(0), x.dim(1), x.dim(2) * x.dim(3)));
    }

    private static Tensor kernel(Scope at, int in, int out) {
        double bound = 1 / Math.sqrt(KERNEL * KERNEL * in);
        return at.parameter("weight", new Init.Uniform(bound), KERNEL, KERNEL, in, out);
    }
}
