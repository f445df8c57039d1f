package io.glossa.trainer.objective;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.Arrays;
import java.util.List;

/** x [..., n] → I32 [...]: the first index of the largest element of each row. */
record ArgMax() implements Composite {
    @Override
    public String name() {
        return "argmax";
    }

    @Override
    public Type type(List<Type> inputs) {
        return new Type(DType.I32, rows(inputs.get(0).shape()));
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        Tensor x = in.get(0);
        Tensor index = x.iota(x.shape().dims());
        Tensor fromEnd = x.equal(x.max(-1)).where(index.neg(), index.constant(-x.dim(-1)));
        return fromEnd.max(-1).neg().reshape(rows(x.shape()).dims());
    }

    private static Shape rows(Shape shape) {
        return Shape.of(Arrays.copyOf(shape.dims(), shape.rank() - 1));
    }
}
