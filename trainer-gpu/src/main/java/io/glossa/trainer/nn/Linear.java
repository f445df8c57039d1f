package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Init;
import java.util.function.BinaryOperator;

/** x [..., in] → x · weight + bias, [..., out]; the weight is stored [in, out]. */
public final class Linear {
    private final Tensor weight;
    private final Tensor bias;
    private final BinaryOperator<Tensor> product;

    private Linear(Tensor weight, Tensor bias, BinaryOperator<Tensor> product) {
        this.weight = weight;
        this.bias = bias;
        this.product = product;
    }

    static Linear of(Scope at, int in, int out) {
        return new Linear(weight(at, in, out), bias(at, out), (x, w) -> Tensor.call(new LinearProduct(), x, w));
    }

    /** One that gives zeros until it is trained. */
    static Linear ofZeros(Scope at, int in, int out) {
        Tensor weight = at.parameter("weight", Init.ZEROS, in, out);
        return new Linear(weight, bias(at, out), (x, w) -> Tensor.call(new LinearProduct(), x, w));
    }

    /** One whose results are scores of classes: they are never computed in F8. */
    public static Linear head(Scope at, int in, int out) {
        return new Linear(weight(at, in, out), bias(at, out), Tensor::matmul);
    }

    static Linear withoutBias(Scope at, int in, int out) {
        return new Linear(weight(at, in, out), null, Tensor::matmul);
    }

    private static Tensor weight(Scope at, int in, int out) {
        return at.parameter("weight", new Init.Uniform(1 / Math.sqrt(in)), in, out);
    }

    private static Tensor bias(Scope at, int out) {
        return at.parameter("bias", Init.ZEROS, out);
    }

    public Tensor apply(Tensor x) {
        int[] dims = x.shape().with(-1, weight.dim(1)).dims();
        Tensor y = product.apply(x.reshape(-1, weight.dim(0)), weight);
        return (bias == null ? y : y.add(bias)).reshape(dims);
    }
}
