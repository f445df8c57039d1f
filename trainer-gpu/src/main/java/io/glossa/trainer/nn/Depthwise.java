package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.List;
import java.util.Optional;

/** (x [B, T, d], taps [k, d]) → [B, T, d]: each channel convolved along time with its own odd number of taps. */
record Depthwise() implements Composite {
    @Override
    public String name() {
        return "depthwise";
    }

    @Override
    public Type type(List<Type> inputs) {
        return inputs.get(0);
    }

    @Override
    public Tensor decompose(List<Tensor> in) {
        Tensor x = in.get(0);
        Tensor taps = in.get(1);
        Tensor padded = padded(x, taps.dim(0));
        Tensor sum = null;
        for (int k = 0; k < taps.dim(0); k++) {
            Tensor term = padded.slice(1, k, k + x.dim(1)).mul(taps.slice(0, k, k + 1));
            sum = sum == null ? term : sum.add(term);
        }
        return sum;
    }

    @Override
    public Optional<List<Tensor>> vjp(List<Tensor> in, Tensor y, Tensor dy) {
        Tensor taps = in.get(1);
        Tensor dx = Tensor.call(this, dy, reversed(taps));
        Tensor dTaps = Tensor.call(new DepthwiseTapGradient(taps.dim(0)), in.get(0), dy);
        return Optional.of(List.of(dx, dTaps));
    }

    static Tensor padded(Tensor x, int taps) {
        return x.pad(1, taps / 2, taps / 2);
    }

    private static Tensor reversed(Tensor taps) {
        int last = taps.dim(0) - 1;
        Tensor[] others = new Tensor[last];
        for (int k = 0; k < last; k++) {
            others[k] = taps.slice(0, last - 1 - k, last - k);
        }
        Tensor first = taps.slice(0, last, last + 1);
        return last == 0 ? first : first.concat(0, others);
    }
}
