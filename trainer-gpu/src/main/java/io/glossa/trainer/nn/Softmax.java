package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.List;
import java.util.Optional;

/** x [..., n] → e^x over its sum along the last axis. */
record Softmax() implements Composite {
    @Override
    public String name() {
        return "softmax";
    }

    @Override
    public Type type(List<Type> inputs) {
        return inputs.get(0);
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        Tensor x = in.get(0);
        Tensor e = x.sub(x.max(-1)).exp();
        return e.mul(e.sum(-1).reciprocal());
    }

    @Override
    public Optional<List<Tensor>> vjp(List<Tensor> in, Tensor y, Tensor dy) {
        return Optional.of(List.of(y.mul(dy.sub(dy.mul(y).sum(-1)))));
    }
}
