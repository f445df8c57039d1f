package io.glossa.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.GradientCheck;
import io.glossa.trainer.nn.KernelCheck;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CompositeTest {
    private static final int SEED = 2;

    @Test
    void crossEntropyHasTheGradientOfItsDecomposition() {
        Map<String, HostTensor> batch = Map.of("classes", HostTensor.of(new int[] {0, 4, 2}, 3));
        double[] own = new GradientCheck(crossEntropy(in -> Tensor.call(new CrossEntropy(), in)), batch, SEED)
                .holds(1e-6)
                .values()
                .get("logits");
        double[] plain = new GradientCheck(
                        crossEntropy(in -> Tensor.call(new GradientCheck.Plain(new CrossEntropy()), in)), batch, SEED)
                .values()
                .get("logits");
        assertThat(own).containsExactly(plain, within(1e-9));
    }

    @Test
    void crossEntropyOfLargeLogitsIsFinite() {
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        inputs.put("logits", HostTensor.of(new float[] {5000, 0, -5000, 3000}, 2, 2));
        inputs.put("classes", HostTensor.of(new int[] {0, 0}, 2));
        HostTensor loss = KernelCheck.compare(inputs, in -> Tensor.call(new CrossEntropy(), in), 1e-6);
        assertThat(loss.floats()).containsExactly(0, 8000);
    }

    @Test
    void argMaxTakesTheFirstOfEquals() {
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        inputs.put("x", HostTensor.of(new float[] {1, 3, 3, -1, -1, -5, 0, 0, 0}, 3, 3));
        assertThat(KernelCheck.compare(inputs, in -> Tensor.call(new ArgMax(), in), 0)
                        .ints())
                .containsExactly(1, 0, 0);
    }

    @Test
    void noiseIsNormalAndTheSameOnEveryDevice() {
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        inputs.put("seed", HostTensor.scalar(5));
        inputs.put("step", HostTensor.scalar(6));
        float[] noise = KernelCheck.compare(inputs, in -> Gaussian.noise(in[0], in[1], 8, 3, 1000, 14), 1e-5)
                .floats();
        double[] moments = new double[5];
        for (float x : noise) {
            for (int k = 0; k < 5; k++) {
                moments[k] += Math.pow(x, k) / noise.length;
            }
        }
        assertThat(moments[1]).isCloseTo(0, within(0.02));
        assertThat(moments[2]).isCloseTo(1, within(0.03));
        assertThat(moments[3]).isCloseTo(0, within(0.06));
        assertThat(moments[4]).isCloseTo(3, within(0.2));
    }

    @Test
    void noiseFillsRowsOfAnyLength() {
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        inputs.put("seed", HostTensor.scalar(-5));
        inputs.put("step", HostTensor.scalar(6));
        for (int[] dims : new int[][] {{1}, {2, 3}, {5, 1}, {7, 2, 5}, {2, 4097}}) {
            KernelCheck.compare(inputs, in -> Gaussian.noise(in[0], in[1], 1, dims), 1e-5);
        }
    }

    private static Function<Trace, Tensor> crossEntropy(Function<Tensor[], Tensor> loss) {
        return trace -> {
            Tensor logits = trace.parameter("logits", new Init.Normal(2), 3, 5);
            Tensor classes = trace.batch("classes", DType.I32, 3);
            Tensor weights = trace.buffer("weights", new Init.Normal(1), 3);
            return loss.apply(new Tensor[] {logits, classes}).mul(weights).total();
        };
    }
}
