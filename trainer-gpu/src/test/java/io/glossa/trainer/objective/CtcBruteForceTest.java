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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** CTC against the sum over every path of symbols that spells the labels. */
class CtcBruteForceTest {
    private static final int SEED = 17;
    private static final int FRAMES = 5;
    private static final int SYMBOLS = 3;
    private static final int[][] LABELS = {{1}, {2, 1}, {1, 1}, {1, 2, 1}, {}, {2, 2, 2}, {1, 2, 2}, {1, 1, 2, 2}};
    private static final int[] LENGTHS = {5, 5, 4, 3, 2, 5, 4, 5};

    @Test
    void lossIsTheSumOverAllAlignments() {
        HostTensor logits = logits();
        HostTensor reference = Evaluate.reference(inputs(logits), trace -> Tensor.call(new CtcNll(), tensors(trace)));
        HostTensor kernel = KernelCheck.compare(inputs(logits), in -> Tensor.call(new CtcNll(), in), 1e-5);
        for (int row = 0; row < LABELS.length; row++) {
            double expected = bruteForce(logits, row);
            assertThat(reference.at(row)).as("row %d, seed %d", row, SEED).isCloseTo(expected, within(1e-5));
            assertThat(kernel.at(row)).as("row %d, seed %d", row, SEED).isCloseTo(expected, within(1e-4));
        }
    }

    @Test
    void whatNoPathSpellsHasNoLossAndNoGradient() {
        HostTensor logits = logits();
        HostTensor gradient = KernelCheck.compare(inputs(logits), in -> Tensor.call(new CtcGradient(), in), 1e-5);
        int size = FRAMES * SYMBOLS;
        for (int row = 0; row < LABELS.length; row++) {
            boolean possible = CtcPaths.framesNeeded(LABELS[row]) <= LENGTHS[row];
            float[] own = Arrays.copyOfRange(gradient.floats(), row * size, (row + 1) * size);
            assertThat(bruteForce(logits, row) == 0).isEqualTo(!possible);
            assertThat(own).satisfies(g -> assertThat(isZero(g)).isEqualTo(!possible));
        }
        assertThat(CtcPaths.framesNeeded(LABELS[7])).isEqualTo(6);
    }

    @Test
    void gradientIsThatOfTheDecompositionAndOfTheFunction() {
        Map<String, HostTensor> batch = inputs(logits());
        batch.remove("logits");
        double[] own = new GradientCheck(scalar(in -> Tensor.call(new CtcNll(), in)), batch, SEED)
                .holds(1e-6)
                .values()
                .get("logits");
        double[] plain = new GradientCheck(
                        scalar(in -> Tensor.call(new GradientCheck.Plain(new CtcNll()), in)), batch, SEED)
                .values()
                .get("logits");
        assertThat(own).containsExactly(plain, within(1e-9));
    }

    private static Function<Trace, Tensor> scalar(Function<Tensor[], Tensor> loss) {
        return trace -> {
            Tensor logits = trace.parameter("logits", new Init.Normal(1), LABELS.length, FRAMES, SYMBOLS);
            Tensor[] inputs = tensors(trace, logits);
            Tensor weights = trace.buffer("weights", new Init.Normal(1), LABELS.length);
            return loss.apply(inputs).mul(weights).total();
        };
    }

    private static Tensor[] tensors(Trace trace) {
        return tensors(trace, trace.batch("logits", DType.F32, LABELS.length, FRAMES, SYMBOLS));
    }

    private static Tensor[] tensors(Trace trace, Tensor logits) {
        return new Tensor[] {
            logits,
            trace.batch("labels", DType.I32, LABELS.length, 4),
            trace.batch("frames", DType.I32, LABELS.length),
            trace.batch("label-lengths", DType.I32, LABELS.length)
        };
    }

    private static Map<String, HostTensor> inputs(HostTensor logits) {
        int[] labels = new int[LABELS.length * 4];
        int[] labelLengths = new int[LABELS.length];
        for (int row = 0; row < LABELS.length; row++) {
            System.arraycopy(LABELS[row], 0, labels, row * 4, LABELS[row].length);
            labelLengths[row] = LABELS[row].length;
        }
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        inputs.put("logits", logits);
        inputs.put("labels", HostTensor.of(labels, LABELS.length, 4));
        inputs.put("frames", HostTensor.of(LENGTHS.clone(), LABELS.length));
        inputs.put("label-lengths", HostTensor.of(labelLengths, LABELS.length));
        return inputs;
    }

    private static HostTensor logits() {
        Random random = new Random(SEED);
        float[] values = new float[LABELS.length * FRAMES * SYMBOLS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (2 * random.nextGaussian());
        }
        return HostTensor.of(values, LABELS.length, FRAMES, SYMBOLS);
    }

    /** Minus the log of the summed probability of all paths that spell a row's labels; 0 if there is none. */
    private static double bruteForce(HostTensor logits, int row) {
        double total = 0;
        int frames = LENGTHS[row];
        for (int code = 0; code < Math.pow(SYMBOLS, frames); code++) {
            int[] path = new int[frames];
            double probability = 1;
            for (int t = 0, rest = code; t < frames; t++, rest /= SYMBOLS) {
                path[t] = rest % SYMBOLS;
                probability *= probability(logits, row, t, path[t]);
            }
            if (Arrays.equals(CtcPaths.collapse(path), LABELS[row])) {
                total += probability;
            }
        }
        return total == 0 ? 0 : -Math.log(total);
    }

    private static double probability(HostTensor logits, int row, int t, int symbol) {
        double sum = 0;
        for (int v = 0; v < SYMBOLS; v++) {
            sum += Math.exp(logits.at((row * FRAMES + t) * SYMBOLS + v));
        }
        return Math.exp(logits.at((row * FRAMES + t) * SYMBOLS + symbol)) / sum;
    }

    private static boolean isZero(float[] values) {
        for (float value : values) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }
}
