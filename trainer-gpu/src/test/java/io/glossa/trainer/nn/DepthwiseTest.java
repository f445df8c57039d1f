package io.glossa.trainer.nn;

import io.glossa.trainer.emit.cuda.GpuKernelCheck;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Init;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DepthwiseTest {
    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1", "2, 3, 5, 7", "3, 41, 19, 15", "2, 100, 16, 5"})
    void kernelIsTheDecomposition(int batch, int frames, int width, int taps) {
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        inputs.put("x", values("x", batch, frames, width));
        inputs.put("dy", values("dy", batch, frames, width));
        KernelCheck.compare(inputs, in -> Tensor.call(new DepthwiseTapGradient(taps), in), 1e-5);
        inputs.put("dy", values("taps", taps, width));
        KernelCheck.compare(inputs, in -> Tensor.call(new Depthwise(), in), 1e-5);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1",
        "2, 3, 5, 7",
        "3, 41, 19, 15",
        "2, 130, 36, 5",
        "1, 65, 8, 9",
        "2, 64, 1, 31",
        "33, 7, 4, 3"
    })
    void gpuKernelIsTheDecomposition(int batch, int frames, int width, int taps) {
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        inputs.put("x", values("x", batch, frames, width));
        inputs.put("dy", values("dy", batch, frames, width));
        GpuKernelCheck.compare(inputs, in -> Tensor.call(new DepthwiseTapGradient(taps), in), 1e-5);
        inputs.replaceAll((name, value) -> value.as(DType.BF16));
        GpuKernelCheck.compare(inputs, in -> Tensor.call(new DepthwiseTapGradient(taps), in), 1e-5);
    }

    private static HostTensor values(String name, int... dims) {
        return new Init.Normal(1).values(name, Shape.of(dims), 1);
    }
}
