package io.glossa.trainer.objective;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.List;

/** (seed, step) → independent N(0, 1), by Box and Muller (1958) from the streams {@code purpose} and the next. */
record Gaussian(int purpose, Shape shape) implements Composite {
    static Tensor noise(Tensor seed, Tensor step, int purpose, int... dims) {
        return Tensor.call(new Gaussian(purpose, Shape.of(dims)), seed, step);
    }

    @Override
    public String name() {
        return "gaussian";
    }

    @Override
    public Type type(List<Type> inputs) {
        return new Type(DType.F32, shape);
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        Tensor radius = Tensor.uniform(in.get(0), in.get(1), purpose, shape.dims());
        Tensor angle = Tensor.uniform(in.get(0), in.get(1), purpose + 1, shape.dims());
        Tensor positive = radius.constant(1).sub(radius);
        return positive.log().mul(-2).sqrt().mul(angle.mul(2 * Math.PI).cos());
    }
}
