package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;

/**
 * Multi-head attention of some places to others (Vaswani et al. 2017, §3.2.2), layer norm first. Which places see which is an input,
 * so that one class is a decoder's attention to its own past and to an encoder's frames, in training and step by step.
 */
final class Attention {
    /** In place of a score that must not count; finite, so that a place that sees none gives finite values. */
    private static final double MASKED = -1e9;

    private final int heads;
    private final LayerNorm norm;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear output;

    Attention(Scope at, ModelConfig config) {
        heads = config.heads();
        int width = config.dModel();
        norm = new LayerNorm(at.child("norm"), width);
        query = Linear.of(at.child("query"), width, width);
        key = Linear.of(at.child("key"), width, width);
        value = Linear.of(at.child("value"), width, width);
        output = Linear.of(at.child("output"), width, width);
    }

    /** x [B, U, d] as queries are made of it, and keys and values where x sees itself. */
    Tensor normalised(Tensor x) {
        return norm.apply(x);
    }

    /** Of what is seen, [B, K, d]. */
    Tensor keys(Tensor seen) {
        return key.apply(seen);
    }

    /** Of what is seen, [B, K, d]. */
    Tensor values(Tensor seen) {
        return value.apply(seen);
    }

    /**
     * @param normalised [B, U, d]
     * @param keys [B, K, d]
     * @param values [B, K, d]
     * @param seen BOOL, each extent that of [B, U, K] or 1: which places see which
     * @return [B, U, d]
     */
    Tensor apply(Tensor normalised, Tensor keys, Tensor values, Tensor seen) {
        double scale = 1 / Math.sqrt((double) keys.dim(2) / heads);
        Tensor scores =
                perHead(query.apply(normalised).mul(scale)).matmul(perHead(keys).transpose());
        Tensor counted = seen.reshape(1, seen.dim(0), seen.dim(1), seen.dim(2)).where(scores, scores.constant(MASKED));
        Tensor weighted = Tensor.call(new Softmax(), counted).matmul(perHead(values));
        return output.apply(
                weighted.permute(1, 2, 0, 3).reshape(normalised.shape().dims()));
    }

    /** [B, n, d] → [heads, B, n, d / heads]. */
    private Tensor perHead(Tensor x) {
        return x.reshape(x.dim(0), x.dim(1), heads, x.dim(2) / heads).permute(2, 0, 1, 3);
    }
}
