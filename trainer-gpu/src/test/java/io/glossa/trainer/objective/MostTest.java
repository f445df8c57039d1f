package io.glossa.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.glossa.config.ConfigBinder;
import io.glossa.trainer.autograd.Entry;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.autograd.Ranks;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.nn.GradientCheck;
import io.glossa.trainer.nn.Lengths;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is particular to MOST's streams; {@link ObjectiveTest} and the self-test hold them to what all objectives keep. */
class MostTest {
    private static final int SEED = 12;
    private static final int MELS = 6;
    private static final int[] LENGTHS = {48, 29, 33};
    private static final int[][] LABELS = {{1, 2, 2, 3}, {3, 1}, {}};
    private static final int[][] STARTS = {{0, 2, 6, 9}, {0, 5}, {}};

    /** The last symbol ends where its utterance does. */
    private static Most most(double consistencyWeight) {
        ModelConfig model =
                new ModelConfig(1, 8, 2, 12, 3, "chunk:5", ModelConfig.Convolution.CROSSING, MELS, 12, 0, 1);
        return new Most(
                model,
                SymbolTable.ofText("abc"),
                new BestRqConfig(2, 9, 4, 0.7, 0.1, 3, 0.1),
                new RnntConfig(6, 10),
                new MostConfig(
                        MostConfig.DEFAULTS.phases(),
                        40,
                        40,
                        3,
                        consistencyWeight,
                        0.3,
                        2,
                        2,
                        99,
                        Durations.Kind.RANDOM,
                        2),
                false);
    }

    static Stream<Objective> streams() {
        return Stream.of(most(1).untranscribed(), most(1).paired(), most(1).text());
    }

    @Test
    void consistencyTrainsTheTextEncoderAlone() {
        Map<String, double[]> with = gradients(most(1).paired());
        Map<String, double[]> without = gradients(most(0).paired());
        assertThat(with.keySet())
                .contains("text.embedding", "encoder.speech.0.norm.weight", "encoder.blocks.0.norm.weight");
        without.forEach((name, gradient) -> assertThat(with.get(name)).as(name).isEqualTo(gradient));
        with.keySet().removeAll(without.keySet());
        assertThat(with.keySet()).allMatch(name -> name.startsWith("text."));
        for (String name : List.of("text.embedding", "text.convolutions.1.value.weight", "text.blocks.0.norm.weight")) {
            assertThat(Arrays.stream(with.get(name)).map(Math::abs).max().orElseThrow())
                    .as(name)
                    .isGreaterThan(1e-3);
        }
    }

    /** So that who divides by it, once, need not run the forward part first. */
    @ParameterizedTest
    @MethodSource("streams")
    void weightHangsOnLengthsAndMasksAlone(Objective stream) {
        Trace trace = new Trace();
        stream.trace(trace, new Bucket(3, 48));
        Set<String> inputs = Graph.reachable(
                        List.of(trace.loss().orElseThrow().batchWeight().node()))
                .stream()
                .filter(node -> node.op() == Op.INPUT)
                .map(node -> node.attr(Attr.Input.class).name())
                .collect(Collectors.toSet());
        assertThat(inputs).contains(Inputs.LENGTHS).isSubsetOf(Inputs.LENGTHS, Inputs.STREAMS, Trace.SEED);
    }

    /** A step in parts refuses a result that is not. */
    @ParameterizedTest
    @MethodSource("streams")
    void allMetricsComeOfSumsOverParts(Objective stream) {
        Bucket bucket = new Bucket(3, 48);
        Trace whole = new Trace();
        stream.trace(whole, bucket);
        Program program = Program.training("parts", trace -> stream.trace(trace, bucket), new AdamW(0.01, 1));
        Graph apply = Joint.graph(program, new Trace(), Entry.APPLY, Ranks.ONLY);
        assertThat(apply.outputs().keySet()).containsAll(whole.outputs().keySet());
    }

    @ParameterizedTest
    @MethodSource("streams")
    void roomBehindUtterancesCountsNothing(Objective stream) {
        Map<String, HostTensor> tight = run(stream, new Bucket(3, 48));
        Map<String, HostTensor> roomy = run(stream, new Bucket(3, 64));
        tight.keySet().removeIf(name -> name.startsWith("codebook") || name.equals("masked-dropped"));
        assertThat(tight).containsKey("loss");
        tight.forEach(
                (name, value) -> assertThat(roomy.get(name).at(0)).as(name).isCloseTo(value.at(0), within(1e-5)));
    }

    @Test
    void textAloneTrainsTheSharedEncoder() {
        Objective text = most(1).text();
        Bucket bucket = new Bucket(3, 48);
        Trace trace = new Trace();
        Graph graph = Joint.graph(Program.training("text", t -> text.trace(t, bucket), new AdamW(0.01, 1)), trace);
        assertThat(trace.declared(Attr.Role.PARAMETER).keySet())
                .noneMatch(name -> name.startsWith("encoder.s"))
                .contains("encoder.blocks.0.ff1.linear1.weight");
        String weight = "encoder.blocks.0.ff1.linear1.weight";
        Map<String, HostTensor> batch = batch(bucket);
        batch.put(Inputs.LEARNING_RATE, HostTensor.scalar(3e-3f));
        batch.keySet().retainAll(trace.declared(Attr.Role.BATCH).keySet());
        double first = 0;
        double last = 0;
        try (Device device = DeviceRequest.of("cpu").withThreads(1).open();
                State state = device.allocate(trace.initial(0));
                Executable step = device.load("text", graph)) {
            float[] before = state.get(weight).floats().clone();
            for (int i = 0; i < 40; i++) {
                batch.put(Trace.STEP, HostTensor.scalar(i));
                last = step.run(state, batch).get("loss").at(0);
                first = i == 0 ? last : first;
                if (i == 0) {
                    assertThat(state.get(weight).floats()).isNotEqualTo(before);
                }
            }
        }
        assertThat(last).isLessThan(0.5 * first);
    }

    /** Against loops, and of frames that are all alike, or differ in one direction. */
    @Test
    void spreadIsThatOfTheCovariance() {
        int[] lengths = {5, 0, 8};
        Random random = new Random(SEED);
        float[] any = new float[3 * 8 * 4];
        float[] line = new float[any.length];
        for (int i = 0; i < any.length; i++) {
            any[i] = (float) (0.5 + random.nextGaussian() * (1 + i % 4));
            line[i] = (i / 4) * (1 + i % 4);
        }
        float[] alike = new float[any.length];
        Arrays.fill(alike, 3);
        double[] found = spread(any, lengths);
        double[] expected = spreadByLoops(any, lengths);
        assertThat(found[0]).isCloseTo(expected[0], within(1e-4));
        assertThat(found[1]).isCloseTo(expected[1], within(1e-3)).isBetween(1.0, 4.0);
        assertThat(spread(line, lengths)[1]).isCloseTo(1, within(1e-4));
        assertThat(spread(alike, lengths)).containsExactly(0, 0);
        assertThat(spread(any, new int[3])).containsExactly(0, 0);
    }

    @Test
    void settingsAreReadBackAndChecked() {
        Map<String, String> config = most(1).config();
        assertThat(config)
                .containsEntry("speech-layers", "1")
                .containsEntry("durations", "random")
                .containsEntry("symbols", "abc")
                .containsEntry("joint-width", "10");
        config.keySet().retainAll(ConfigBinder.keys(MostConfig.class));
        assertThat(ConfigBinder.bind(MostConfig.class, config, MostConfig.DEFAULTS))
                .isEqualTo(most(1).settings());
        config.put("text-mask-share", "1");
        assertThatThrownBy(() -> ConfigBinder.bind(MostConfig.class, config, MostConfig.DEFAULTS))
                .hasMessageContaining("text-mask-share=1.0 and text-mask-span=2, expected a share from 0 to below 1");
    }

    private static Map<String, double[]> gradients(Objective objective) {
        Bucket bucket = new Bucket(3, 48);
        return new GradientCheck(
                        trace -> {
                            objective.trace(trace, bucket);
                            return trace.loss().orElseThrow().sum();
                        },
                        batch(bucket),
                        SEED)
                .values();
    }

    private static Map<String, HostTensor> run(Objective objective, Bucket bucket) {
        return new HashMap<>(
                Evaluate.on(new ReferenceDevice(), batch(bucket), trace -> objective.trace(trace, bucket)));
    }

    private static double[] spread(float[] frames, int[] lengths) {
        Map<String, HostTensor> outputs = Evaluate.on(
                new ReferenceDevice(),
                Map.of("x", HostTensor.of(frames, 3, 8, 4), "lengths", HostTensor.of(lengths, 3)),
                trace -> Spread.of(
                                trace.batch("x", DType.F32, 3, 8, 4),
                                Lengths.of(trace.batch("lengths", DType.I32, 3), 8))
                        .declare(trace, "x"));
        return new double[] {
            outputs.get("x-deviation").at(0), outputs.get("x-rank").at(0)
        };
    }

    private static double[] spreadByLoops(float[] frames, int[] lengths) {
        int count = Arrays.stream(lengths).sum();
        double[] mean = new double[4];
        double[][] covariance = new double[4][4];
        for (int pass = 0; pass < 2; pass++) {
            for (int row = 0; row < lengths.length; row++) {
                for (int t = 0; t < lengths[row]; t++) {
                    int at = (row * 8 + t) * 4;
                    for (int i = 0; i < 4; i++) {
                        mean[i] += pass == 0 ? frames[at + i] / (double) count : 0;
                        for (int j = 0; j < 4 && pass == 1; j++) {
                            covariance[i][j] += (frames[at + i] - mean[i]) * (frames[at + j] - mean[j]) / count;
                        }
                    }
                }
            }
        }
        double deviation = 0;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < 4; i++) {
            deviation += Math.sqrt(covariance[i][i]) / 4;
            sum += covariance[i][i];
            squares += Arrays.stream(covariance[i]).map(c -> c * c).sum();
        }
        return new double[] {deviation, sum * sum / squares};
    }

    /** Three utterances, or texts, the last one without labels. */
    private static Map<String, HostTensor> batch(Bucket bucket) {
        Random random = new Random(SEED);
        float[] features = new float[3 * bucket.frames() * MELS];
        int[] labels = new int[3 * bucket.labels()];
        int[] starts = new int[labels.length];
        int[] labelLengths = new int[3];
        for (int row = 0; row < 3; row++) {
            for (int i = 0; i < LENGTHS[row] * MELS; i++) {
                features[row * bucket.frames() * MELS + i] = (float) random.nextGaussian();
            }
            labelLengths[row] = LABELS[row].length;
            System.arraycopy(LABELS[row], 0, labels, row * bucket.labels(), labelLengths[row]);
            System.arraycopy(STARTS[row], 0, starts, row * bucket.labels(), labelLengths[row]);
        }
        Map<String, HostTensor> batch = new HashMap<>(Evaluate.randomness(SEED, 3, 3));
        batch.put(Trace.STEP, HostTensor.scalar(2));
        batch.put(Inputs.FEATURES, HostTensor.of(features, 3, bucket.frames(), MELS));
        batch.put(Inputs.LENGTHS, HostTensor.of(LENGTHS.clone(), 3));
        batch.put(Inputs.LABELS, HostTensor.of(labels, 3, bucket.labels()));
        batch.put(Inputs.LABEL_LENGTHS, HostTensor.of(labelLengths, 3));
        batch.put(Inputs.STARTS, HostTensor.of(starts, 3, bucket.labels()));
        return batch;
    }
}
