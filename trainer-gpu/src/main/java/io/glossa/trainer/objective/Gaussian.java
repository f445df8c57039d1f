package io.glossa.trainer.objective;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.List;
import java.util.Optional;

/**
 * (seed, stream or one for each part along the first axis) → independent N(0, 1), by Box and Muller (1958): the i-th pair
 * of uniforms for {@code purpose} and the next gives the i-th elements of the first and the second half of a row.
 */
record Gaussian(int purpose, Shape shape) implements Composite {
    static Tensor noise(Tensor seed, Tensor streams, int purpose, int... dims) {
        return Tensor.call(new Gaussian(purpose, Shape.of(dims)), seed, streams);
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
        int[] pairs = shape.with(-1, (shape.dim(-1) + 1) / 2).dims();
        Tensor uniform = Tensor.uniform(in.get(0), in.get(1), purpose, pairs);
        Tensor radius = uniform.constant(1).sub(uniform).log().mul(-2).sqrt();
        Tensor angle = Tensor.uniform(in.get(0), in.get(1), purpose + 1, pairs).mul(2 * Math.PI);
        Tensor both = radius.mul(angle.cos()).concat(-1, radius.mul(angle.sin()));
        return both.slice(-1, 0, shape.dim(-1));
    }

    @Override
    public Optional<Kernel> cpuKernel(List<Type> inputs) {
        long width = shape.dim(-1);
        long streams = inputs.get(1).shape().size();
        List<Long> numbers = List.of(streams, shape.size() / width / streams, width, (long) purpose);
        return Optional.of(new Kernel("gaussian.h", "glossa_gaussian", numbers));
    }
}
