package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;

/** Half a feed-forward, attention, convolution, half a feed-forward, norm (Gulati et al., "Conformer", 2020, §2.4). */
final class ConformerBlock {
    private final FeedForward ff1;
    private final RelativeAttention attention;
    private final ConvModule conv;
    private final FeedForward ff2;
    private final LayerNorm norm;

    ConformerBlock(Scope at, ModelConfig config) {
        ff1 = new FeedForward(at.child("ff1"), config);
        attention = new RelativeAttention(at.child("attention"), config);
        conv = new ConvModule(at.child("conv"), config);
        ff2 = new FeedForward(at.child("ff2"), config);
        norm = new LayerNorm(at.child("norm"), config.dModel());
    }

    Tensor apply(Tensor x, Tensor real, Tensor distances) {
        Tensor y = x.add(ff1.apply(x).mul(0.5));
        y = y.add(attention.apply(y, real, distances));
        y = y.add(conv.apply(y, real));
        y = y.add(ff2.apply(y).mul(0.5));
        return norm.apply(y);
    }
}
