package io.glossa.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.emit.cuda.GpuKernelCheck;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The hand-written GPU kernels, run on the processor, against the decompositions that they stand for. */
class GpuKernelTest {
    private static final int SEED = 6;

    private final Random random = new Random(SEED);

    @BeforeAll
    static void saySeed() {
        System.out.println("seed " + SEED);
    }

    @ParameterizedTest
    @CsvSource({
        "7, 3, 16, 1",
        "1, 1, 16, 33",
        "33, 3, 16, 300",
        "600, 2, 4, 700",
        "5, 2, 3, 65",
        "9, 1, 33, 130",
        "5, 2, 20, 40"
    })
    void codebookSearch(int rows, int books, int width, int codes) {
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        inputs.put("rows", normal(1, rows, books * width));
        inputs.put("codebook", normal(1, books, codes, width));
        GpuKernelCheck.compare(inputs, in -> Tensor.call(new CodebookSearch(), in), 0);
    }

    @Test
    void codebookSearchTakesTheFirstOfEquals() {
        float[] book = new float[700 * 2];
        book[2 * 650] = book[2 * 77] = book[2 * 79] = book[2 * 333] = 1;
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        inputs.put("rows", HostTensor.of(new float[] {1, 0, -1, 0}, 2, 2));
        inputs.put("codebook", HostTensor.of(book, 1, 700, 2));
        HostTensor ids = GpuKernelCheck.compare(inputs, in -> Tensor.call(new CodebookSearch(), in), 0);
        assertThat(ids.ints()).containsExactly(77, 0);
    }

    @Test
    void codebookSearchFindsNegativeProducts() {
        float[] book = new float[3 * 16];
        Arrays.fill(book, -1);
        Arrays.fill(book, 32, 48, -0.5f);
        float[] rows = new float[16];
        Arrays.fill(rows, 1);
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        inputs.put("rows", HostTensor.of(rows, 1, 16));
        inputs.put("codebook", HostTensor.of(book, 1, 3, 16));
        HostTensor ids = GpuKernelCheck.compare(inputs, in -> Tensor.call(new CodebookSearch(), in), 0);
        assertThat(ids.ints()).containsExactly(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 9, 40})
    void ctcLossAndGradient(int labels) {
        int batch = 5;
        int frames = 13;
        for (int symbols : List.of(6, 8)) {
            Map<String, HostTensor> inputs = new LinkedHashMap<>();
            inputs.put("logits", normal(3, batch, frames, symbols));
            inputs.put(
                    "labels",
                    HostTensor.of(random.ints(batch * labels, 1, symbols).toArray(), batch, labels));
            inputs.put("frames", HostTensor.of(new int[] {frames, 7, 4, 3, 0}, batch));
            inputs.put("lengths", HostTensor.of(new int[] {labels, 1, 0, labels, labels}, batch));
            GpuKernelCheck.compare(inputs, in -> Tensor.call(new CtcNll(), in), 1e-5);
            GpuKernelCheck.compare(inputs, in -> Tensor.call(new CtcGradient(), in), 3e-6);
        }
    }

    @Test
    void ctcOfLongUtterancesStaysExact() {
        int frames = 150;
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        inputs.put("logits", normal(4, 2, frames, 20));
        inputs.put("labels", HostTensor.of(random.ints(2 * 60, 1, 20).toArray(), 2, 60));
        inputs.put("frames", HostTensor.of(new int[] {frames, 131}, 2));
        inputs.put("lengths", HostTensor.of(new int[] {60, 43}, 2));
        GpuKernelCheck.compare(inputs, in -> Tensor.call(new CtcNll(), in), 1e-3);
        GpuKernelCheck.compare(inputs, in -> Tensor.call(new CtcGradient(), in), 1e-5);
    }

    @Test
    void ctcOfMoreStatesThanThreads() {
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        inputs.put("logits", normal(1, 2, 9, 5));
        inputs.put("labels", HostTensor.of(random.ints(2 * 600, 1, 5).toArray(), 2, 600));
        inputs.put("frames", HostTensor.of(new int[] {9, 8}, 2));
        inputs.put("lengths", HostTensor.of(new int[] {4, 600}, 2));
        GpuKernelCheck.compare(inputs, in -> Tensor.call(new CtcNll(), in), 1e-5);
        GpuKernelCheck.compare(inputs, in -> Tensor.call(new CtcGradient(), in), 3e-6);
    }

    private HostTensor normal(double std, int... dims) {
        HostTensor values = HostTensor.zeros(new Type(DType.F32, Shape.of(dims)));
        for (int i = 0; i < values.floats().length; i++) {
            values.floats()[i] = (float) (std * random.nextGaussian());
        }
        return values;
    }
}
