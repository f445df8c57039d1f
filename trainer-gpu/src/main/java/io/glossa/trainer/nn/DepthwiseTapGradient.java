package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** (x [B, T, d], dy [B, T, d]) → gradient of the taps [k, d] of {@link Depthwise}. */
record DepthwiseTapGradient(int taps) implements Composite {
    /** What a thread of a GPU has registers for, for one column and for a vector of them. */
    private static final int MAX_TAPS = 31;

    private static final int MAX_TAPS_OF_VECTORS = 9;

    private static final int SEGMENT = 64;
    private static final int THREADS = 256;
    private static final int WARP = 32;

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
    public boolean readsBf16() {
        return true;
    }

    @Override
    public Optional<GpuKernel> gpuKernel(List<Type> inputs) {
        if (taps > MAX_TAPS) {
            return Optional.empty();
        }
        Shape x = inputs.get(0).shape();
        long width = x.dim(2);
        int vector = width % 4 == 0 && taps <= MAX_TAPS_OF_VECTORS ? 4 : 1;
        long segments = GpuKernel.blocks(x.dim(1), SEGMENT);
        String perSegment = "gl_tap_segments<" + taps + ", " + vector + ", " + element(inputs.get(0)) + ", "
                + element(inputs.get(1)) + ">";
        return Optional.of(new GpuKernel(
                "depthwise.cuh",
                List.of(
                        new GpuKernel.Launch(
                                perSegment,
                                GpuKernel.blocks(x.dim(0) * segments * (width / vector), THREADS),
                                1,
                                1,
                                THREADS,
                                0),
                        new GpuKernel.Launch(
                                "gl_tap_sums<" + taps + ">", GpuKernel.blocks(taps * width, WARP), 1, 1, THREADS, 0)),
                x.dim(0) * segments * taps * width * Float.BYTES,
                List.of((long) x.dim(0), (long) x.dim(1), width, segments)));
    }

    private static String element(Type type) {
        return type.dtype() == DType.BF16 ? "gl_bf16" : "float";
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
