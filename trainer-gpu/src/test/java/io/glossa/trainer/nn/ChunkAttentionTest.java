package io.glossa.trainer.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
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
        compareOnCpu(new ChunkAttention(heads, whole(chunk)), inputs(chunks, whole(chunk), width));
    }

    /** Rows that see but a part of the keys, in chunks that are shorter and longer than what 8 rows see. */
    @ParameterizedTest
    @CsvSource({
        "2, 7, 3, 15, 1, 0",
        "1, 64, 2, 32, 0, 0",
        "2, 37, 2, 20, 3, 5",
        "1, 100, 4, 36, 40, 7",
        "2, 130, 1, 16, 16, 16",
        "1, 203, 2, 24, 9, 64",
        "2, 90, 1, 8, 0, 89",
        "1, 333, 1, 12, 63, 2"
    })
    void kernelsOfBandsAreTheDecompositions(int chunks, int chunk, int heads, int width, int left, int right) {
        AttentionSpan span = new AttentionSpan(chunk, left, right);
        compareOnCpu(new ChunkAttention(heads, span), inputs(chunks, span, width));
    }

    private static void compareOnCpu(ChunkAttention attention, Map<String, HostTensor> inputs) {
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
        compareOnGpu(new ChunkAttention(heads, whole(chunk)), inputs(chunks, whole(chunk), width));
    }

    /** Tiles of which rows see all, some and no keys, at both ends of chunks and inside. */
    @ParameterizedTest
    @CsvSource({
        "3, 17, 1, 4, 1, 1",
        "2, 37, 2, 72, 0, 9",
        "1, 70, 1, 3, 3, 5",
        "1, 70, 1, 128, 5, 9",
        "1, 150, 1, 80, 20, 33",
        "1, 200, 2, 16, 64, 1",
        "1, 330, 1, 16, 100, 100",
        "1, 100, 1, 8, 0, 99"
    })
    void gpuKernelsOfBandsAreTheDecompositions(int chunks, int chunk, int heads, int width, int left, int right) {
        AttentionSpan span = new AttentionSpan(chunk, left, right);
        compareOnGpu(new ChunkAttention(heads, span), inputs(chunks, span, width));
    }

    private static void compareOnGpu(ChunkAttention attention, Map<String, HostTensor> inputs) {
        Function<Tensor[], Tensor> forward = in -> Tensor.call(attention, first(in, 6));
        Function<Tensor[], Tensor> gradient = in -> gradient(attention, in);
        HostTensor y = KernelCheck.compare(GPU, inputs, forward, 0.05);
        HostTensor slopes = KernelCheck.compare(GPU, inputs, gradient, 0.1);
        assertThat(KernelCheck.compare(GPU, inputs, forward, 0.05).array()).isEqualTo(y.array());
        assertThat(KernelCheck.compare(GPU, inputs, gradient, 0.1).array()).isEqualTo(slopes.array());
    }

    /** As after one product of queries, keys and values. */
    @ParameterizedTest
    @CsvSource({"2, 33, 1, 80, 32", "3, 37, 2, 72, 4", "2, 17, 1, 3, 16"})
    void gpuKernelsReadKeysAndValuesThatArePartsOfRows(int chunks, int chunk, int heads, int width, int seen) {
        AttentionSpan span = new AttentionSpan(chunk, seen, seen);
        ChunkAttention attention = new ChunkAttention(heads, span);
        Map<String, HostTensor> inputs = inputs(chunks, span, width);
        Function<Tensor[], Tensor> forward = in -> Tensor.call(attention, first(in, 6));
        Function<Tensor[], Tensor> gradient = in -> gradient(attention, in);
        Map<String, HostTensor> joined = new LinkedHashMap<>();
        joined.put("all", sideBySide(inputs.get("q"), inputs.get("k"), inputs.get("v")));
        List.of("r", "p", "keys", "dy").forEach(name -> joined.put(name, inputs.get(name)));
        Function<Tensor[], Tensor[]> parts = in -> new Tensor[] {
            in[0].slice(1, 0, width),
            in[1],
            in[0].slice(1, width, 2 * width),
            in[0].slice(1, 2 * width, 3 * width),
            in[2],
            in[3],
            in[4]
        };

        assertThat(KernelCheck.compare(GPU, joined, parts.andThen(forward), 0.05)
                        .array())
                .isEqualTo(KernelCheck.compare(GPU, inputs, forward, 0.05).array());
        assertThat(KernelCheck.compare(GPU, joined, parts.andThen(gradient), 0.1)
                        .array())
                .isEqualTo(KernelCheck.compare(GPU, inputs, gradient, 0.1).array());
    }

    private static HostTensor sideBySide(HostTensor... parts) {
        int rows = parts[0].type().shape().dim(0);
        int width = parts[0].type().shape().dim(1);
        HostTensor all = HostTensor.zeros(new Type(DType.F32, Shape.of(rows, parts.length * width)));
        for (int i = 0; i < parts.length; i++) {
            for (int row = 0; row < rows; row++) {
                System.arraycopy(parts[i].floats(), row * width, all.floats(), (row * parts.length + i) * width, width);
            }
        }
        return all;
    }

    @Test
    void gpuKernelsAreForBf16AndHeadsThatFit() {
        ChunkAttention attention = new ChunkAttention(2, whole(200));
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

    /** Which keys a row sees and which of them count, by a loop over them. */
    @ParameterizedTest
    @CsvSource({"1, 9, 2, 4, 8, 8", "2, 40, 1, 3, 2, 1", "1, 50, 2, 6, 20, 3", "2, 21, 1, 2, 0, 0", "1, 35, 1, 2, 34, 0"
    })
    void theDecompositionIsTheSumOverTheKeysThatARowSees(
            int chunks, int chunk, int heads, int width, int left, int right) {
        AttentionSpan span = new AttentionSpan(chunk, left, right);
        Map<String, HostTensor> inputs = inputs(chunks, span, width);
        ChunkAttention attention = new ChunkAttention(heads, span);
        HostTensor found = KernelCheck.compare(new ReferenceDevice(), inputs, in -> attention.apply(first(in, 6)), 0);
        int size = width / heads;
        for (int row = 0; row < chunks * chunk; row++) {
            for (int column = 0; column < width; column++) {
                double expected = attended(inputs, span, row, column / size * size, size, column);
                assertThat(found.at(row * width + column))
                        .as("row %d, column %d", row, column)
                        .isCloseTo(expected, within(1e-6));
            }
        }
    }

    private static double attended(
            Map<String, HostTensor> in, AttentionSpan span, int row, int from, int size, int column) {
        int width = in.get("q").type().shape().dim(1);
        int chunk = span.chunk();
        int i = row % chunk;
        int least = Math.max(0, i - span.left());
        int most = Math.min(chunk - 1, i + span.right());
        boolean some = false;
        for (int j = least; j <= most; j++) {
            some |= in.get("keys").ints()[row - i + j] != 0;
        }
        double sum = 0;
        double weighted = 0;
        for (int j = least; j <= most; j++) {
            int key = row - i + j;
            double score = 0;
            for (int e = from; e < from + size; e++) {
                score += in.get("q").at(row * width + e) * in.get("k").at(key * width + e)
                        + in.get("r").at(row * width + e) * in.get("p").at((span.left() - i + j) * width + e);
            }
            boolean counts = in.get("keys").ints()[key] != 0;
            double weight = counts ? Math.exp(score) : some ? 0 : 1;
            sum += weight;
            weighted += weight * in.get("v").at(key * width + column);
        }
        return weighted / sum;
    }

    private static AttentionSpan whole(int chunk) {
        return new AttentionSpan(chunk, chunk - 1, chunk - 1);
    }

    private static Map<String, HostTensor> inputs(int chunks, AttentionSpan span, int width) {
        int chunk = span.chunk();
        int frames = chunks * chunk;
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        for (String name : new String[] {"q", "r", "k", "v"}) {
            inputs.put(name, values(name, 0.5, frames, width));
        }
        inputs.put("p", values("p", 0.5, span.distances(), width));
        inputs.put("keys", keys(frames, chunk));
        inputs.put("dy", values("dy", 1, frames, width));
        return inputs;
    }

    /** The last chunk ends early, and has no key at all where there is more than one; keys are missing inside others. */
    private static HostTensor keys(int frames, int chunk) {
        HostTensor keys = HostTensor.zeros(new Type(DType.BOOL, Shape.of(frames)));
        int without = frames > chunk ? chunk : 0;
        for (int i = 0; i < Math.max(1, frames - without - chunk / 3); i++) {
            keys.ints()[i] = i % chunk > chunk / 8 && i % chunk < chunk / 4 ? 0 : 1;
        }
        return keys;
    }

    private static HostTensor values(String name, double std, int... dims) {
        return new Init.Normal(std).values(name, Shape.of(dims), 1);
    }
}
