package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;

/** x [B, T, d] → linear2(silu(linear1(norm(x)))). */
final class FeedForward {
    private final LayerNorm norm;
    private final Linear linear1;
    private final Linear linear2;

    FeedForward(Scope at, ModelConfig config) {
        norm = new LayerNorm(at.child("norm"), config.dModel());
        linear1 = Linear.of(at.child("linear1"), config.dModel(), config.ffn());
        linear2 = Linear.of(at.child("linear2"), config.ffn(), config.dModel());
    }

    Tensor apply(Tensor x) {
        return linear2.apply(Tensor.call(new Silu(), linear1.apply(norm.apply(x))));
    }
}
