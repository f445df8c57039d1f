package io.glossa.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.GradientCheck;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The transducer's loss, gradients and alignment, on the reference, against the sum over every path through the lattice. */
class TransducerTest {
    private static final int SEED = 23;
    private static final int EXTENT = 3;
    private static final int LABELS = 4;
    private static final int JOINT = 5;
    private static final int SYMBOLS = 3;

    /** With repeated symbols, none, and more labels than frames; the last place is empty. */
    private static final int[][] SPELLED = {{1}, {2, 1}, {1, 1}, {}, {2, 2, 2, 1}, {1, 2, 2}, {2}};

    private static final int[] FRAMES = {3, 3, 2, 3, 2, 1, 0};

    /** A path: how many frames have passed before each label. */
    private record Path(int[] frames, double logProbability) {}

    @Test
    void lossIsTheSumOverAllPaths() {
        HostTensor losses = value(Losses::transducer);
        for (int row = 0; row < SPELLED.length; row++) {
            List<Path> paths = paths(row);
            double sum = paths.stream()
                    .mapToDouble(path -> Math.exp(path.logProbability()))
                    .sum();
            assertThat(losses.at(row))
                    .as("row %d, seed %d", row, SEED)
                    .isCloseTo(paths.isEmpty() ? 0 : -Math.log(sum), within(1e-5));
        }
        assertThat(paths(4)).hasSize(5);
    }

    @Test
    void alignmentIsTheBestPath() {
        HostTensor best = value(in ->
                Tensor.call(new TransducerAlignment(EXTENT, LABELS), Tensor.call(new Transducer(), in), in[5], in[6]));
        for (int row = 0; row < SPELLED.length; row++) {
            int[] expected = new int[LABELS];
            Arrays.fill(expected, -1);
            paths(row).stream()
                    .max((a, b) -> Double.compare(a.logProbability(), b.logProbability()))
                    .ifPresent(path -> System.arraycopy(path.frames(), 0, expected, 0, path.frames().length));
            assertThat(Arrays.copyOfRange(best.ints(), row * LABELS, (row + 1) * LABELS))
                    .as("row %d, seed %d", row, SEED)
                    .containsExactly(expected);
        }
    }

    @Test
    void gradientIsThatOfTheDecompositionAndOfTheFunction() {
        GradientCheck own = new GradientCheck(scalar(Losses::transducer), batch(), SEED).holds(1e-6);
        GradientCheck plain = new GradientCheck(
                scalar(in ->
                        Transducer.losses(Tensor.call(new GradientCheck.Plain(new Transducer()), in), SPELLED.length)),
                batch(),
                SEED);
        assertThat(own.values().keySet()).containsExactlyInAnyOrder("e", "p", "w", "b");
        own.values()
                .forEach((name, values) -> assertThat(values)
                        .as("gradient of " + name)
                        .containsExactly(plain.values().get(name), within(1e-9)));
        double[] e = own.values().get("e");
        assertThat(Arrays.copyOfRange(e, e.length - EXTENT * JOINT, e.length)).containsOnly(0);
    }

    private static Function<Trace, Tensor> scalar(Function<Tensor[], Tensor> loss) {
        return trace -> {
            Tensor weights = trace.buffer("weights", new Init.Normal(1), SPELLED.length);
            return loss.apply(tensors(trace)).mul(weights).total();
        };
    }

    private static HostTensor value(Function<Tensor[], Tensor> function) {
        return Evaluate.reference(batch(), trace -> function.apply(tensors(trace)));
    }

    private static Tensor[] tensors(Trace trace) {
        int rows = SPELLED.length;
        return new Tensor[] {
            trace.parameter("e", new Init.Normal(1), rows, EXTENT, JOINT),
            trace.parameter("p", new Init.Normal(1), rows, LABELS + 1, JOINT),
            trace.parameter("w", new Init.Normal(1), JOINT, SYMBOLS),
            trace.parameter("b", new Init.Normal(1), SYMBOLS),
            trace.batch("labels", DType.I32, rows, LABELS),
            trace.batch("frames", DType.I32, rows),
            trace.batch("lengths", DType.I32, rows)
        };
    }

    private static Map<String, HostTensor> batch() {
        int[] labels = Arrays.stream(SPELLED)
                .flatMapToInt(row -> IntStream.of(Arrays.copyOf(row, LABELS)))
                .toArray();
        int[] lengths = Arrays.stream(SPELLED).mapToInt(row -> row.length).toArray();
        Map<String, HostTensor> batch = new LinkedHashMap<>();
        batch.put("labels", HostTensor.of(labels, SPELLED.length, LABELS));
        batch.put("frames", HostTensor.of(FRAMES.clone(), SPELLED.length));
        batch.put("lengths", HostTensor.of(lengths, SPELLED.length));
        return batch;
    }

    /** All ways of a row's labels into its frames, none for an empty place. */
    private static List<Path> paths(int row) {
        Trace trace = new Trace();
        tensors(trace);
        Map<String, HostTensor> values = new HashMap<>();
        trace.initial(0).forEach((name, tensor) -> values.put(name, tensor.value()));
        List<Path> paths = new ArrayList<>();
        if (FRAMES[row] > 0) {
            walk(values, row, 0, new int[0], 0, paths);
        }
        return paths;
    }

    private static void walk(
            Map<String, HostTensor> values,
            int row,
            int frame,
            int[] emitted,
            double logProbability,
            List<Path> paths) {
        int u = emitted.length;
        double blank = logProbability + logProbability(values, row, frame, u, 0);
        if (frame < FRAMES[row] - 1) {
            walk(values, row, frame + 1, emitted, blank, paths);
        } else if (u == SPELLED[row].length) {
            paths.add(new Path(emitted, blank));
        }
        if (u < SPELLED[row].length) {
            int[] longer = Arrays.copyOf(emitted, u + 1);
            longer[u] = frame;
            double label = logProbability + logProbability(values, row, frame, u, SPELLED[row][u]);
            walk(values, row, frame, longer, label, paths);
        }
    }

    private static double logProbability(Map<String, HostTensor> values, int row, int frame, int u, int symbol) {
        double sum = 0;
        double chosen = 0;
        for (int v = 0; v < SYMBOLS; v++) {
            double logit = values.get("b").at(v);
            for (int j = 0; j < JOINT; j++) {
                double hidden = Math.tanh(values.get("e").at((row * EXTENT + frame) * JOINT + j)
                        + values.get("p").at((row * (LABELS + 1) + u) * JOINT + j));
                logit += hidden * values.get("w").at(j * SYMBOLS + v);
            }
            sum += Math.exp(logit);
            chosen = v == symbol ? logit : chosen;
        }
        return chosen - Math.log(sum);
    }
}
