package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Init;

/** The parameters of a transducer's joint network: logits(t, u) = tanh(e(t) + p(u)) · weight + bias. */
public final class JointNetwork {
    private final Linear frames;
    private final Linear labels;
    private final Tensor weight;
    private final Tensor bias;

    /** @param symbols the blank among them */
    public JointNetwork(Scope at, int encoder, int prediction, int width, int symbols) {
        frames = Linear.of(at.child("encoder"), encoder, width);
        labels = Linear.withoutBias(at.child("prediction"), prediction, width);
        Scope output = at.child("output");
        weight = output.parameter("weight", new Init.Uniform(1 / Math.sqrt(width)), width, symbols);
        bias = output.parameter("bias", Init.ZEROS, symbols);
    }

    /** e [B, T, J] of what the encoder says of each frame. */
    public Tensor frames(Tensor encoded) {
        return frames.apply(encoded);
    }

    /** p [B, U + 1, J] of what {@link Prediction} says. */
    public Tensor labels(Tensor predicted) {
        return labels.apply(predicted);
    }

    /** Of e [R, W, J] and p [R, 1, J], [R, W, V]. */
    public Tensor logits(Tensor e, Tensor p) {
        Tensor hidden = Layers.tanh(e.add(p));
        return hidden.reshape(-1, hidden.dim(2)).matmul(weight).add(bias).reshape(e.dim(0), e.dim(1), -1);
    }

    /** [J, V]. */
    public Tensor weight() {
        return weight;
    }

    /** [V]. */
    public Tensor bias() {
        return bias;
    }
}
