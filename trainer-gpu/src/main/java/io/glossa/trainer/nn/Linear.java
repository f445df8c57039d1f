package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Init;

/** x [..., in] → x · weight + bias, [..., out]; the weight is stored [in, out]. */
public final class Linear {
    private final Tensor weight;
    private final Tensor bias;

    private Linear(Tensor weight, Tensor bias) {
        this.weight = weight;
        this.bias = bias;
    }

    public static Linear of(Scope at, int in, int out) {
        Linear plain = withoutBias(at, in, out);
        return new Linear(plain.weight, at.parameter("bias", Init.ZEROS, out));
    }

    static Linear withoutBias(Scope at, int in, int out) {
        return new Linear(at.parameter("weight", new Init.Uniform(1 / Math.sqrt(in)), in, out), null);
    }

    public Tensor apply(Tensor x) {
        int[] dims = x.shape().with(-1, weight.dim(1)).dims();
        Tensor y = x.reshape(-1, weight.dim(0)).matmul(weight);
        return (bias == null ? y : y.add(bias)).reshape(dims);
    }
}
