package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.List;

/** x [N, in], weight [in, out] → x · weight, [N, out]. */
record LinearProduct() implements Composite {
    @Override
    public String name() {
        return "linear";
    }

    @Override
    public Type type(List<Type> inputs) {
        return Type.f32(inputs.get(0).shape().dim(0), inputs.get(1).shape().dim(1));
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        return in.get(0).matmul(in.get(1));
    }

    @Override
    public boolean isLinear() {
        return true;
    }
}
