package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;

/**
 * A bottleneck that begins as nothing: x [B, T, d] → up(relu(down(norm(x)))), zero until it is trained (Houlsby et al. 2019,
 * "Parameter-Efficient Transfer Learning for NLP"; beside a feed-forward module as in He et al. 2022, "Towards a Unified View").
 */
final class Adapter {
    private final LayerNorm norm;
    private final Linear down;
    private final Linear up;

    Adapter(Scope at, ModelConfig config) {
        norm = new LayerNorm(at.child("norm"), config.dModel());
        down = Linear.of(at.child("down"), config.dModel(), config.adapterWidth());
        up = Linear.ofZeros(at.child("up"), config.adapterWidth(), config.dModel());
    }

    Tensor apply(Tensor x) {
        return up.apply(down.apply(norm.apply(x)).relu());
    }
}
