package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** (x [B, T, d], dy [B, T, d]) → gradient of the taps [k, d] of {@link Depthwise}. */
record DepthwiseTapGradient(int taps) implements Composite {
    @Override
    public String name() {
        return "depthwise tap gradient";
    }

    @Override
    public Type type(List<Type> inputs) {
        return Type.f32(taps, inputs.get(0).shape().dim(-1));
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        Tensor dy = in.get(1);
        Tensor padded = Depthwise.padded(in.get(0), taps);
        Tensor[] rows = new Tensor[taps];
        for (int k = 0; k < taps; k++) {
            rows[k] = padded.slice(1, k, k + dy.dim(1)).mul(dy).sum(0, 1).reshape(1, dy.dim(2));
        }
        Tensor[] others = Arrays.copyOfRange(rows, 1, taps);
        return taps == 1 ? rows[0] : rows[0].concat(0, others);
    }

    @Override
    public Optional<Kernel> cpuKernel(List<Type> inputs) {
        Shape x = inputs.get(0).shape();
        return Optional.of(new Kernel(
                "depthwise.h",
                "glossa_depthwise_tap_gradient",
                List.of((long) x.dim(0), (long) x.dim(1), (long) x.dim(2), (long) taps)));
    }
}
