package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Init;

/**
 * The Conformer's convolution module, with a layer norm where the paper has batch norm: x [B, T, d] → pointwise to
 * 2d → GLU → depthwise over time → norm → silu → pointwise. Frames beyond the length are zeros to the convolution.
 */
final class ConvModule {
    private final ModelConfig config;
    private final LayerNorm norm;
    private final Linear value;
    private final Linear gate;
    private final Tensor taps;
    private final Tensor bias;
    private final LayerNorm depthwiseNorm;
    private final Linear output;

    ConvModule(Scope at, ModelConfig config) {
        this.config = config;
        int width = config.dModel();
        norm = new LayerNorm(at.child("norm"), width);
        value = Linear.of(at.child("value"), width, width);
        gate = Linear.of(at.child("gate"), width, width);
        Scope depthwise = at.child("depthwise");
        taps = depthwise.parameter("weight", new Init.Uniform(1 / Math.sqrt(config.kernel())), config.kernel(), width);
        bias = depthwise.parameter("bias", Init.ZEROS, width);
        depthwiseNorm = new LayerNorm(at.child("depthwise_norm"), width);
        output = Linear.of(at.child("output"), width, width);
    }

    /** @param real F32 [B, T, 1]: 1 for frames of the utterance, 0 beyond its length */
    Tensor apply(Tensor x, Tensor real) {
        Tensor y = norm.apply(x);
        y = Tensor.call(new Glu(), value.apply(y), gate.apply(y)).mul(real);
        y = convolved(y).add(bias);
        return output.apply(Tensor.call(new Silu(), depthwiseNorm.apply(y)));
    }

    private Tensor convolved(Tensor x) {
        return switch (config.convolution()) {
            case CROSSING -> Tensor.call(new Depthwise(), x, taps);
            case CAUSAL_CHUNK -> inChunks(x, config.span(x.dim(1)).chunk());
        };
    }

    /** Each chunk by itself, behind as much of the past as the first tap sees. */
    private Tensor inChunks(Tensor x, int chunk) {
        int past = taps.dim(0) / 2;
        Blocks blocks = new Blocks(x.dim(1), chunk, past, 0);
        Tensor y = Tensor.call(new Depthwise(), blocks.windows(x), taps);
        return blocks.joined(y.slice(1, past, past + chunk), x.dim(0));
    }
}
