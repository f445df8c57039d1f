package io.glossa.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.nn.KernelCheck;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hand-written kernels against the decompositions that they stand for. */
class KernelTest {
    private final Random random = new Random(5);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 9})
    void ctcLossAndGradient(int labels) {
        int batch = 5;
        int frames = 12;
        int symbols = 6;
        HostTensor labelValues =
                HostTensor.of(random.ints(batch * labels, 1, symbols).toArray(), batch, labels);
        HostTensor labelLengths = HostTensor.of(new int[] {labels, 1, 0, labels, labels}, batch);
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        inputs.put("logits", normal(3, batch, frames, symbols));
        inputs.put("labels", labelValues);
        inputs.put("frames", HostTensor.of(new int[] {frames, 7, 4, 3, 0}, batch));
        inputs.put("lengths", labelLengths);
        KernelCheck.compare(inputs, in -> Tensor.call(new CtcNll(), in), 1e-5);
        KernelCheck.compare(inputs, in -> Tensor.call(new CtcGradient(), in), 1e-6);
    }

    @Test
    void ctcOfLongUtterancesStaysExact() {
        int frames = 150;
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        inputs.put("logits", normal(4, 2, frames, 20));
        inputs.put("labels", HostTensor.of(random.ints(2 * 60, 1, 20).toArray(), 2, 60));
        inputs.put("frames", HostTensor.of(new int[] {frames, 131}, 2));
        inputs.put("lengths", HostTensor.of(new int[] {60, 43}, 2));
        KernelCheck.compare(inputs, in -> Tensor.call(new CtcNll(), in), 1e-3);
        KernelCheck.compare(inputs, in -> Tensor.call(new CtcGradient(), in), 1e-5);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 500})
    void codebookSearch(int codes) {
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        inputs.put("rows", normal(1, 7, 3 * 16));
        inputs.put("codebook", normal(1, 3, codes, 16));
        KernelCheck.compare(inputs, in -> Tensor.call(new CodebookSearch(), in), 0);
    }

    @Test
    void codebookSearchTakesTheFirstOfEquals() {
        float[] book = new float[200 * 2];
        book[2 * 150] = book[2 * 77] = book[2 * 133] = 1;
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        inputs.put("rows", HostTensor.of(new float[] {1, 0, -1, 0}, 2, 2));
        inputs.put("codebook", HostTensor.of(book, 1, 200, 2));
        HostTensor ids = KernelCheck.compare(inputs, in -> Tensor.call(new CodebookSearch(), in), 0);
        assertThat(ids.ints()).containsExactly(77, 0);
    }

    private HostTensor normal(double std, int... dims) {
        HostTensor values = HostTensor.zeros(new Type(DType.F32, Shape.of(dims)));
        for (int i = 0; i < values.floats().length; i++) {
            values.floats()[i] = (float) (std * random.nextGaussian());
        }
        return values;
    }
}
