package io.glossa.trainer.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.lower.Decompose;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncoderTest {
    private static final int SEED = 11;
    private static final int MELS = 6;

    private static ModelConfig config(String attention, ModelConfig.Convolution convolution) {
        return new ModelConfig(1, 8, 2, 12, 3, attention, convolution, MELS, 2, 0, 1);
    }

    @Test
    void hasTheParametersOfThePaper() {
        // Per block 2 feed-forwards, attention with 4 biased and 1 plain matrix and u, v, the convolution, 5 norms.
        ModelConfig xs = ModelConfig.preset("xs");
        int d = xs.dModel();
        int f = xs.ffn();
        long block = 2L * (d * f + f + f * d + d)
                + 5L * d * d
                + 4 * d
                + 2 * d
                + 3L * d * d
                + 3 * d
                + (xs.kernel() + 1) * d
                + 6L * 2 * d;
        long subsampling = 9 * 32 + 32 + 9 * 32 * 32 + 32 + 32 * 32 * d + d;
        assertThat(parameters(xs)).isEqualTo(xs.layers() * block + subsampling).isEqualTo(2_169_136L);
        assertThat(parameters(ModelConfig.preset("xs", Map.of("speech-layers", "1"))))
                .isEqualTo((1 + xs.layers()) * block + subsampling);
    }

    private static long parameters(ModelConfig config) {
        Trace trace = new Trace();
        new Encoder(Scope.root(trace), config);
        return trace.declared(Attr.Role.PARAMETER).values().stream()
                .mapToLong(t -> t.shape().size())
                .sum();
    }

    /** Utterances of several lengths in one batch against each alone in the smallest that holds it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "full CROSSING",
                "chunk:3 CROSSING",
                "chunk:4 CROSSING",
                "chunk:3 CAUSAL_CHUNK",
                "local:2,1 CROSSING",
                "local:0,3 CROSSING",
                "local:9,9 CROSSING"
            })
    void paddedOrAloneIsTheSame(String attention, ModelConfig.Convolution convolution) {
        ModelConfig config = config(attention, convolution);
        int[] lengths = {21, 32, 9, 1, 0};
        int extent = 36;
        float[][] utterances = new float[lengths.length][];
        Random random = new Random(SEED);
        for (int i = 0; i < lengths.length; i++) {
            utterances[i] = random(random, lengths[i] * MELS);
        }
        double[] together = encode(config, utterances, lengths, extent, 5f);
        assertThat(together).doesNotContain(Double.NaN);
        int row = ModelConfig.encoderFrames(extent) * 8;
        for (int i = 0; i < lengths.length - 1; i++) {
            double[] alone = encode(config, new float[][] {utterances[i]}, new int[] {lengths[i]}, lengths[i], 0);
            assertThat(alone).hasSize(ModelConfig.encoderFrames(lengths[i]) * 8);
            double[] padded = Arrays.copyOfRange(together, i * row, i * row + alone.length);
            assertThat(padded).as("utterance %d, seed %d", i, SEED).containsExactly(alone, within(1e-9));
        }
    }

    @Test
    void aChunkDoesNotSeeAnotherButThroughTheConvolution() {
        // One block: a frame of chunk 2 reaches chunk 1 by one tap of the convolution only.
        ModelConfig config = new ModelConfig(1, 8, 2, 12, 3, "chunk:4", ModelConfig.Convolution.CROSSING, MELS, 2);
        float[] x = random(new Random(SEED), 32 * MELS);
        float[] y = x.clone();
        Arrays.fill(y, 28 * MELS, 32 * MELS, 3f);
        double[] a = encode(config, new float[][] {x}, new int[] {32}, 32, 0);
        double[] b = encode(config, new float[][] {y}, new int[] {32}, 32, 0);
        assertThat(Arrays.copyOf(a, 3 * 8)).containsExactly(Arrays.copyOf(b, 3 * 8), within(0.0));
        assertThat(Arrays.copyOfRange(a, 4 * 8, 5 * 8)).isNotEqualTo(Arrays.copyOfRange(b, 4 * 8, 5 * 8));
    }

    /** With enough channels that no frame is all zeros, where layer norm's slope is steep. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"chunk:3 CROSSING", "chunk:3 CAUSAL_CHUNK", "local:1,0 CROSSING", "local:0,2 CROSSING"})
    void gradientHolds(String attention, ModelConfig.Convolution convolution) {
        ModelConfig config = new ModelConfig(2, 8, 2, 12, 3, attention, convolution, MELS, 12);
        Map<String, HostTensor> batch = Map.of(
                "features",
                HostTensor.of(random(new Random(SEED), 2 * 16 * MELS), 2, 16, MELS),
                "lengths",
                HostTensor.of(new int[] {16, 7}, 2));
        new GradientCheck(
                        trace -> {
                            Tensor features = trace.batch("features", DType.F32, 2, 16, MELS);
                            Lengths lengths = Lengths.of(trace.batch("lengths", DType.I32, 2), 16);
                            Tensor y = new Encoder(Scope.root(trace), config).apply(features, lengths);
                            Tensor weights = trace.buffer(
                                    "weights", new Init.Normal(1), y.shape().dims());
                            Tensor real = lengths.halved().halved().mask();
                            return y.mul(weights).mul(real).total();
                        },
                        batch,
                        SEED)
                .holds(1e-5);
    }

    @Test
    void relativeAttentionIsTheFormula() {
        int c = 3;
        ModelConfig config = new ModelConfig(1, 4, 1, 4, 3, "chunk:" + c, ModelConfig.Convolution.CROSSING, MELS, 2);
        Trace trace = new Trace();
        Tensor x = trace.parameter("x", new Init.Normal(1), 1, c, 4);
        Tensor real = trace.constant(1).expand(Shape.of(1, c, 1));
        Tensor table = x.data("table", RelativeAttention.distances(config.span(c), 4));
        Tensor y = new RelativeAttention(Scope.root(trace), config).apply(x, real, table);
        Map<String, double[]> values = initial(trace);
        values.put("content_bias", new double[] {0.3, -0.2, 0.5, 0.1});
        values.put("position_bias", new double[] {-0.4, 0.6, 0.2, -0.3});
        double[] got = evaluate(trace, y, values);
        assertThat(got).containsExactly(attention(values, c), within(1e-6));
    }

    /** One head, one chunk, straight from Transformer-XL's equation: (q + u)·k + (q + v)·W r(i - j). */
    private static double[] attention(Map<String, double[]> v, int c) {
        int d = 4;
        double[][] x = new double[c][d];
        for (int i = 0; i < c; i++) {
            double mean = 0;
            for (int k = 0; k < d; k++) {
                mean += v.get("x")[i * d + k] / d;
            }
            double variance = 0;
            for (int k = 0; k < d; k++) {
                variance += Math.pow(v.get("x")[i * d + k] - mean, 2) / d;
            }
            for (int k = 0; k < d; k++) {
                x[i][k] = (v.get("x")[i * d + k] - mean) / Math.sqrt(variance + 1e-5);
            }
        }
        double[][] mixed = new double[c][d];
        for (int i = 0; i < c; i++) {
            double[] q = times(x[i], v.get("query.weight"));
            double[] score = new double[c];
            double sum = 0;
            for (int j = 0; j < c; j++) {
                double[] r = new double[d];
                for (int k = 0; k < d / 2; k++) {
                    double angle = (i - j) / Math.pow(10000, 2.0 * k / d);
                    r[k] = Math.sin(angle);
                    r[d / 2 + k] = Math.cos(angle);
                }
                double[] p = times(r, v.get("position.weight"));
                double[] key = times(x[j], v.get("key.weight"));
                for (int k = 0; k < d; k++) {
                    score[j] += (q[k] + v.get("content_bias")[k]) * key[k] + (q[k] + v.get("position_bias")[k]) * p[k];
                }
                score[j] = Math.exp(score[j] / Math.sqrt(d));
                sum += score[j];
            }
            for (int j = 0; j < c; j++) {
                double[] value = times(x[j], v.get("value.weight"));
                for (int k = 0; k < d; k++) {
                    mixed[i][k] += score[j] / sum * value[k];
                }
            }
        }
        return Arrays.stream(mixed)
                .flatMapToDouble(row -> Arrays.stream(times(row, v.get("output.weight"))))
                .toArray();
    }

    private static double[] times(double[] x, double[] w) {
        double[] y = new double[w.length / x.length];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < y.length; j++) {
                y[j] += x[i] * w[i * y.length + j];
            }
        }
        return y;
    }

    private static double[] encode(ModelConfig config, float[][] utterances, int[] lengths, int extent, float beyond) {
        float[] features = new float[utterances.length * extent * MELS];
        Arrays.fill(features, beyond);
        double[] counts = new double[lengths.length];
        for (int i = 0; i < lengths.length; i++) {
            System.arraycopy(utterances[i], 0, features, i * extent * MELS, lengths[i] * MELS);
            counts[i] = lengths[i];
        }
        Trace trace = new Trace();
        Tensor x = trace.batch("features", DType.F32, utterances.length, extent, MELS);
        Tensor l = trace.batch("lengths", DType.I32, utterances.length);
        Tensor y = new Encoder(Scope.root(trace), config).apply(x, Lengths.of(l, extent));
        Map<String, double[]> values = initial(trace);
        double[] doubles = new double[features.length];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = features[i];
        }
        values.put("features", doubles);
        values.put("lengths", counts);
        return evaluate(trace, y, values);
    }

    private static Map<String, double[]> initial(Trace trace) {
        Map<String, double[]> values = new HashMap<>();
        trace.initial(SEED).forEach((name, lazy) -> {
            HostTensor tensor = lazy.value();
            double[] doubles = new double[tensor.floats().length];
            for (int i = 0; i < doubles.length; i++) {
                doubles[i] = tensor.at(i);
            }
            values.put(name, doubles);
        });
        return values;
    }

    private static double[] evaluate(Trace trace, Tensor y, Map<String, double[]> values) {
        Graph graph = Decompose.everything(Graph.of(trace.builder(), Map.of("y", y.node())));
        return ReferenceDevice.evaluate(List.copyOf(graph.outputs().values()), values)
                .get(graph.outputs().get("y"));
    }

    private static float[] random(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
