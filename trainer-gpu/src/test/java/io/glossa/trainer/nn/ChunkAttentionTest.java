package io.glossa.trainer.nn;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.trace.Init;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunkAttentionTest {
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
        KernelCheck.compare(inputs, in -> Tensor.call(new ChunkAttentionGradient(attention), first(in, 7)), 3e-5);
        KernelCheck.compare(inputs, in -> Tensor.call(attention, first(in, 6)), Precision.BF16, 0.05);
        KernelCheck.compare(
                inputs, in -> Tensor.call(new ChunkAttentionGradient(attention), first(in, 7)), Precision.BF16, 0.1);
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
        for (int i = 0; i < Math.max(1, frames - chunk - chunk / 3); i++) {
            keys.ints()[i] = 1;
        }
        return keys;
    }

    private static HostTensor values(String name, double std, int... dims) {
        return new Init.Normal(std).values(name, Shape.of(dims), 1);
    }
}
