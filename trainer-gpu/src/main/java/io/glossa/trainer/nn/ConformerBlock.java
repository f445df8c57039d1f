package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;
import java.util.Optional;

/**
 * Half a feed-forward, attention, convolution, half a feed-forward, norm (Gulati et al., "Conformer", 2020, §2.4); beside each
 * feed-forward module an {@link Adapter}, where the model has some.
 */
final class ConformerBlock {
    private final FeedForward ff1;
    private final RelativeAttention attention;
    private final ConvModule conv;
    private final FeedForward ff2;
    private final LayerNorm norm;
    private final Optional<Adapter> adapter1;
    private final Optional<Adapter> adapter2;

    ConformerBlock(Scope at, Scope adapters, ModelConfig config) {
        ff1 = new FeedForward(at.child("ff1"), config);
        attention = new RelativeAttention(at.child("attention"), config);
        conv = new ConvModule(at.child("conv"), config);
        ff2 = new FeedForward(at.child("ff2"), config);
        norm = new LayerNorm(at.child("norm"), config.dModel());
        adapter1 = adapter(adapters.child("ff1"), config);
        adapter2 = adapter(adapters.child("ff2"), config);
    }

    Tensor apply(Tensor x, Tensor real, Tensor distances) {
        Tensor y = adapted(adapter1, x, x.add(ff1.apply(x).mul(0.5)));
        y = y.add(attention.apply(y, real, distances));
        y = y.add(conv.apply(y, real));
        y = adapted(adapter2, y, y.add(ff2.apply(y).mul(0.5)));
        return norm.apply(y);
    }

    private static Optional<Adapter> adapter(Scope at, ModelConfig config) {
        return config.adapterWidth() == 0 ? Optional.empty() : Optional.of(new Adapter(at, config));
    }

    /** With what an adapter makes of x added. */
    private static Tensor adapted(Optional<Adapter> adapter, Tensor x, Tensor y) {
        return adapter.map(beside -> y.add(beside.apply(x))).orElse(y);
    }
}
