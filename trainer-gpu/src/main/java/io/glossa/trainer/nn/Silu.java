package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.List;
import java.util.Optional;

/** x → x · sigmoid(x), also called Swish. Its own derivative stays finite where e^-x does not. */
record Silu() implements Composite {
    @Override
    public String name() {
        return "silu";
    }

    @Override
    public Type type(List<Type> inputs) {
        return inputs.get(0);
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        return in.get(0).mul(in.get(0).sigmoid());
    }

    @Override
    public Optional<List<Tensor>> vjp(List<Tensor> in, Tensor y, Tensor dy) {
        Tensor x = in.get(0);
        Tensor gate = x.sigmoid();
        Tensor slope = gate.add(x.mul(gate).mul(x.constant(1).sub(gate)));
        return Optional.of(List.of(dy.mul(slope)));
    }
}
