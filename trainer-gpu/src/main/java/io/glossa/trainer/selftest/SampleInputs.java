package io.glossa.trainer.selftest;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** What a sample starts from: two parameters of any shape, which asked for twice are the same, and a trace's scalars. */
public final class SampleInputs {
    private final Trace trace;
    private final Precision precision;
    private final Map<String, Tensor> made = new HashMap<>();

    /** @param precision BF16: inputs are results of products, so that mixed precision keeps them in BF16 */
    public SampleInputs(Trace trace, Precision precision) {
        this.trace = trace;
        this.precision = precision;
    }

    public Tensor x(int... dims) {
        return input("x", dims);
    }

    public Tensor y(int... dims) {
        return input("y", dims);
    }

    public Tensor constant(double value) {
        return trace.constant(value);
    }

    public Tensor seed() {
        return trace.seed();
    }

    public Tensor step() {
        return trace.step();
    }

    /** The value, which in BF16 a product reads and hands on. */
    Tensor result(Tensor value) {
        return precision.isMixed() && value.dtype() == DType.F32 ? product(value) : value;
    }

    private Tensor input(String name, int[] dims) {
        return made.computeIfAbsent(name + Arrays.toString(dims), full -> {
            Tensor parameter = trace.parameter(full, new Init.Normal(1), dims);
            return precision.isMixed() ? product(parameter) : parameter;
        });
    }

    /** Each element times 1, by a product of matrices. */
    private static Tensor product(Tensor x) {
        return x.reshape(-1, 1).matmul(x.full(1, 1, 1)).reshape(x.shape().dims());
    }
}
