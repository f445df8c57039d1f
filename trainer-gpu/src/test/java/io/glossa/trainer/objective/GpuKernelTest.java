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
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hand-written GPU kernels, run on the processor, against the decompositions that they stand for. */
class GpuKernelTest {
    private final Random random = new Random(6);

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

    private HostTensor normal(double std, int... dims) {
        HostTensor values = HostTensor.zeros(new Type(DType.F32, Shape.of(dims)));
        for (int i = 0; i < values.floats().length; i++) {
            values.floats()[i] = (float) (std * random.nextGaussian());
        }
        return values;
    }
}
