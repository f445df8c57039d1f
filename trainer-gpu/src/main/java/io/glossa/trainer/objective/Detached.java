package io.glossa.trainer.objective;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** x → x, as a constant: what is made from it has no gradient for what x is made from. */
record Detached() implements Composite {
    @Override
    public String name() {
        return "detached";
    }

    @Override
    public Type type(List<Type> inputs) {
        return inputs.get(0);
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        return in.get(0);
    }

    @Override
    public Optional<List<Tensor>> vjp(List<Tensor> in, Tensor y, Tensor dy) {
        return Optional.of(Collections.singletonList(null));
    }
}
