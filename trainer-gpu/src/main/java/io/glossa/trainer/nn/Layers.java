package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;

/** The composites of the layers, each alone: what is checked and measured by itself. */
public final class Layers {
    private Layers() {}

    /** Attention of (q, r, k, v [N·c, d], p [distances, d], keys BOOL [N·c]) → [N·c, d], and what the gradient needs below it. */
    public static Tensor attention(int heads, AttentionSpan span, Tensor... inputs) {
        return Tensor.call(new ChunkAttention(heads, span), inputs);
    }

    /** Of the value of {@link #attention} for q of this shape. */
    public static Shape attentionShape(int heads, AttentionSpan span, Shape q) {
        return new ChunkAttention(heads, span).shape(q);
    }

    /** The same inputs, dy [N·c, d] and the value of the former → the gradients of q, r, k, v and p one below the other, [4·N·c + distances, d]. */
    public static Tensor attentionGradient(int heads, AttentionSpan span, Tensor... inputs) {
        return Tensor.call(new ChunkAttentionGradient(new ChunkAttention(heads, span)), inputs);
    }

    /** (x [B, T, d], taps [k, d]) → [B, T, d]. */
    public static Tensor depthwise(Tensor x, Tensor taps) {
        return Tensor.call(new Depthwise(), x, taps);
    }

    /** (x [..., d], weight [d], bias [d]) → [..., d]. */
    public static Tensor layerNorm(Tensor x, Tensor weight, Tensor bias) {
        return Tensor.call(LayerNorm.OPERATION, x, weight, bias);
    }

    /** value · sigmoid(gate). */
    public static Tensor glu(Tensor value, Tensor gate) {
        return Tensor.call(new Glu(), value, gate);
    }

    /** 2 sigmoid(2x) - 1. */
    public static Tensor tanh(Tensor x) {
        return x.mul(2).sigmoid().mul(2).add(-1);
    }

    /** x · sigmoid(x). */
    public static Tensor silu(Tensor x) {
        return Tensor.call(new Silu(), x);
    }
}
