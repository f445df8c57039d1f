package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.List;
import java.util.Optional;

/** (value, gate) → value · sigmoid(gate): the gated linear unit (Dauphin et al. 2017). */
record Glu() implements Composite {
    @Override
    public String name() {
        return "glu";
    }

    @Override
    public Type type(List<Type> inputs) {
        return inputs.get(0);
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        return in.get(0).mul(in.get(1).sigmoid());
    }

    @Override
    public Optional<List<Tensor>> vjp(List<Tensor> in, Tensor y, Tensor dy) {
        Tensor gate = in.get(1).sigmoid();
        Tensor dGate = dy.mul(in.get(0)).mul(gate).mul(gate.constant(1).sub(gate));
        return Optional.of(List.of(dy.mul(gate), dGate));
    }
}
