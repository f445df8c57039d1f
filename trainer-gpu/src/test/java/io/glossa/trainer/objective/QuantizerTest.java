package io.glossa.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.nn.Lengths;
import io.glossa.trainer.nn.Scope;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Trace;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Targets against brute force: norms, distances and a loop over the codebook. */
class QuantizerTest {
    private static final int SEED = 23;
    private static final int MELS = 3;
    private static final BestRqConfig CONFIG = new BestRqConfig(2, 50, 4, 0.4, 0.04, 10, 0.1);

    @Test
    void codesAreTheNearestUnitVectors() {
        int rows = 40;
        int width = 4 * MELS;
        int size = CONFIG.codeDim();
        HostTensor values = random(rows, width);
        Trace names = new Trace();
        new Quantizer(Scope.root(names), CONFIG, MELS);
        Map<String, LazyTensor> buffers = names.initial(0);
        HostTensor codes = Evaluate.reference(
                Map.of("rows", values),
                trace -> new Quantizer(Scope.root(trace), CONFIG, MELS)
                        .codes(trace.batch("rows", DType.F32, rows, width)));
        HostTensor projection = buffers.get("quantizer.projection").value();
        float[] codebooks = buffers.get("quantizer.codebook").value().floats();
        for (int book = 0; book < CONFIG.codebooks(); book++) {
            int entries = CONFIG.codes() * size;
            float[] codebook = Arrays.copyOfRange(codebooks, book * entries, (book + 1) * entries);
            for (int row = 0; row < rows; row++) {
                double[] e = new double[size];
                for (int j = 0; j < size; j++) {
                    for (int i = 0; i < width; i++) {
                        int column = book * size + j;
                        e[j] += values.at(row * width + i) * projection.at(i * CONFIG.codebooks() * size + column);
                    }
                }
                assertThat(codes.ints()[book * rows + row])
                        .as("row %d, book %d, seed %d", row, book, SEED)
                        .isEqualTo(nearest(unit(e), codebook));
            }
        }
    }

    @Test
    void entriesHaveUnitLength() {
        Trace trace = new Trace();
        new Quantizer(Scope.root(trace), CONFIG, MELS);
        float[] codebook = trace.initial(0).get("quantizer.codebook").value().floats();
        for (int code = 0; code < CONFIG.codebooks() * CONFIG.codes(); code++) {
            double square = 0;
            for (int j = 0; j < CONFIG.codeDim(); j++) {
                square += Math.pow(codebook[code * CONFIG.codeDim() + j], 2);
            }
            assertThat(square).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void stackingNormalisesEachUtteranceOverItsRealFrames() {
        int[] lengths = {8, 5, 0};
        HostTensor features = random(3, 8, MELS);
        HostTensor stacked = Evaluate.reference(
                Map.of("features", features, "lengths", HostTensor.of(lengths, 3)),
                trace -> Quantizer.stack(
                        trace.batch("features", DType.F32, 3, 8, MELS),
                        Lengths.of(trace.batch("lengths", DType.I32, 3), 8)));
        assertThat(stacked.type().shape().dims()).containsExactly(6, 4 * MELS);
        for (int row = 0; row < 3; row++) {
            int count = lengths[row] * MELS;
            double mean = 0;
            double square = 0;
            for (int i = 0; i < count; i++) {
                mean += features.at(row * 8 * MELS + i) / count;
            }
            for (int i = 0; i < count; i++) {
                square += Math.pow(features.at(row * 8 * MELS + i) - mean, 2) / count;
            }
            for (int i = 0; i < 8 * MELS; i++) {
                double expected = i < count ? (features.at(row * 8 * MELS + i) - mean) / (Math.sqrt(square) + 1e-5) : 0;
                assertThat(stacked.at(row * 8 * MELS + i)).isCloseTo(expected, within(1e-5));
            }
        }
    }

    @Test
    void useIsCountedOverRealRows() {
        int[] codes = {3, 3, 1, 3, 0};
        int[] used = {1, 1, 1, 0, 0};
        Map<String, HostTensor> outputs = Evaluate.on(
                new ReferenceDevice(),
                Map.of("codes", HostTensor.of(codes, 5), "used", HostTensor.of(used, 5)),
                trace -> {
                    Tensor codesOfBook = trace.batch("codes", DType.I32, 5).reshape(1, 5);
                    Tensor usedRows = trace.batch("used", DType.I32, 5).cast(DType.BOOL);
                    CodebookUse use = CodebookUse.count(
                            Scope.root(trace), codesOfBook.concat(0, codesOfBook.mul(0)), usedRows, 4);
                    trace.output("usage", use.usage());
                    trace.output("coverage", use.coverage());
                    trace.output("entropy", use.entropy());
                });
        assertThat(outputs.get("usage").floats()).containsExactly(0, 1, 0, 2, 3, 0, 0, 0);
        assertThat(outputs.get("coverage").floats()).containsExactly(0.5f, 0.25f);
        double entropy = -(Math.log(1 / 3.0) / 3 + 2 * Math.log(2 / 3.0) / 3);
        assertThat(outputs.get("entropy").at(0)).isCloseTo(entropy, within(1e-6));
        assertThat(outputs.get("entropy").at(1)).isCloseTo(0, within(1e-6));
    }

    private static double[] unit(double[] x) {
        double square = 0;
        for (double v : x) {
            square += v * v;
        }
        double[] unit = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            unit[i] = x[i] / Math.sqrt(square);
        }
        return unit;
    }

    private static int nearest(double[] unit, float[] codebook) {
        int best = -1;
        double least = Double.MAX_VALUE;
        for (int code = 0; code < codebook.length / unit.length; code++) {
            double distance = 0;
            for (int j = 0; j < unit.length; j++) {
                distance += Math.pow(unit[j] - codebook[code * unit.length + j], 2);
            }
            if (distance < least) {
                least = distance;
                best = code;
            }
        }
        return best;
    }

    private static HostTensor random(int... dims) {
        Random random = new Random(SEED);
        HostTensor values = HostTensor.zeros(Type.f32(dims));
        for (int i = 0; i < values.floats().length; i++) {
            values.floats()[i] = (float) (3 + 2 * random.nextGaussian());
        }
        return values;
    }
}
