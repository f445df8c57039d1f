package io.glossa.trainer.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.trace.Init;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunkAttentionTest {
    private static final Device GPU = DeviceRequest.of("emit-only")
            .with(Compile.Options.DEFAULTS.with(Precision.BF16))
            .open();

    @AfterAll
    static void close() {
        GPU.close();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1",
        "1, 2, 1, 2",
        "2, 7, 3, 15",
        "3, 8, 2, 32",
        "2, 17, 4, 36",
        "2, 33, 1, 20",
        "4, 200, 4, 144"
    })
    void kernelsAreTheDecompositions(int chunks, int chunk, int heads, int width) {
        Map<String, HostTensor> inputs = inputs(chunks, chunk, width);
        ChunkAttention attention = new ChunkAttention(heads, chunk);
        KernelCheck.compare(inputs, in -> Tensor.call(attention, first(in, 6)), 1e-5);
        KernelCheck.compare(inputs, in -> gradient(attention, in), 3e-5);
        KernelCheck.compare(inputs, in -> Tensor.call(attention, first(in, 6)), Precision.BF16, 0.05);
        KernelCheck.compare(inputs, in -> gradient(attention, in), Precision.BF16, 0.1);
    }

    /** Sizes that fill nothing: of chunks, tiles, heads, and of what moves at once. */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1",
        "2, 5, 1, 3",
        "3, 6, 2, 14",
        "1, 17, 1, 4",
        "3, 37, 2, 72",
        "2, 33, 1, 80",
        "1, 200, 1, 128",
        "1, 200, 1, 96",
        "1, 256, 1, 64",
        "1, 300, 2, 16"
    })
    void gpuKernelsAreTheDecompositions(int chunks, int chunk, int heads, int width) {
        Map<String, HostTensor> inputs = inputs(chunks, chunk, width);
        ChunkAttention attention = new ChunkAttention(heads, chunk);
        Function<Tensor[], Tensor> forward = in -> Tensor.call(attention, first(in, 6));
        Function<Tensor[], Tensor> gradient = in -> gradient(attention, in);
        HostTensor y = KernelCheck.compare(GPU, inputs, forward, 0.05);
        HostTensor slopes = KernelCheck.compare(GPU, inputs, gradient, 0.1);
        assertThat(KernelCheck.compare(GPU, inputs, forward, 0.05).array()).isEqualTo(y.array());
        assertThat(KernelCheck.compare(GPU, inputs, gradient, 0.1).array()).isEqualTo(slopes.array());
    }

    @Test
    void gpuKernelsAreForBf16AndHeadsThatFit() {
        ChunkAttention attention = new ChunkAttention(2, 200);
        assertThat(attention.gpuKernel(types(DType.BF16, 256))).isPresent();
        assertThat(attention.gpuKernel(types(DType.F32, 256))).isEmpty();
        assertThat(attention.gpuKernel(types(DType.BF16, 258))).isEmpty();
        assertThat(new ChunkAttentionGradient(attention).gpuKernel(types(DType.F32, 256)))
                .isEmpty();
    }

    private static Tensor gradient(ChunkAttention attention, Tensor[] in) {
        Tensor[] all = Arrays.copyOf(in, 8);
        all[7] = Tensor.call(attention, first(in, 6));
        return Tensor.call(new ChunkAttentionGradient(attention), all);
    }

    private static List<Type> types(DType dtype, int width) {
        return List.of(new Type(dtype, Shape.of(400, width)));
    }

    private static Tensor[] first(Tensor[] in, int count) {
        return Arrays.copyOf(in, count);
    }

    private static Map<String, HostTensor> inputs(int chunks, int chunk, int width) {
        int frames = chunks * chunk;
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        for (String name : new String[] {"q", "r", "k", "v"}) {
            inputs.put(name, values(name, 0.5, frames, width));
        }
        inputs.put("p", values("p", 0.5, 2 * chunk - 1, width));
        inputs.put("keys", keys(frames, chunk));
        inputs.put("dy", values("dy", 1, frames, width));
        return inputs;
    }

    /** The last chunk ends early, and has no key at all where there is more than one. */
    private static HostTensor keys(int frames, int chunk) {
        HostTensor keys = HostTensor.zeros(new Type(DType.BOOL, Shape.of(frames)));
        int without = frames > chunk ? chunk : 0;
        for (int i = 0; i < Math.max(1, frames - without - chunk / 3); i++) {
            keys.ints()[i] = 1;
        }
        return keys;
    }

    private static HostTensor values(String name, double std, int... dims) {
        return new Init.Normal(std).values(name, Shape.of(dims), 1);
    }
}
