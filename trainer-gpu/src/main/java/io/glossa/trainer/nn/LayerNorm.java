package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Init;

/** Normalises each frame over its features. */
final class LayerNorm {
    static final LayerNormalization OPERATION = new LayerNormalization(1e-5);

    private final Tensor weight;
    private final Tensor bias;

    LayerNorm(Scope at, int width) {
        weight = at.parameter("weight", Init.ONES, width);
        bias = at.parameter("bias", Init.ZEROS, width);
    }

    Tensor apply(Tensor x) {
        return Tensor.call(OPERATION, x, weight, bias);
    }
}
