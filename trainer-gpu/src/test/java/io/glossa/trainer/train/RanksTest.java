package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.glossa.config.ConfigBinder;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.data.Synthetic;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.ranks.RankThreads;
import io.glossa.trainer.runtime.Communicator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several devices that train one model: the same training, whoever does which part of it. */
class RanksTest {
    private static final int STEPS = 20;

    /** Of each tensor's norm. */
    private static final double SAME_GRADIENT = 1e-5;

    private static final double SAME_LOSS = 1e-4;

    /** Of unequal lengths, and five more than fill steps of eight. */
    private static final Synthetic SOURCE = new Synthetic(41, 29, 80, 3, 1);

    private static final ModelConfig MODEL =
            new ModelConfig(1, 8, 2, 12, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4);
    private static final Objective CTC = new Ctc(MODEL, SymbolTable.ofText("abc"), true);
    private static final Objective BEST_RQ = new BestRq(MODEL, new BestRqConfig(2, 9, 4, 0.7, 0.1, 3, 0.1));

    private static final Start NEW = new Start.Fresh();

    @TempDir
    Path folder;

    /** What a rank saw, what it had after the first step, and what it ended with. */
    private record Run(List<Map<String, Double>> metrics, Checkpoint first, Checkpoint end) {}

    @ParameterizedTest
    @CsvSource({"cpu,bestrq,1", "cpu,bestrq,4", "cpu,ctc,1", "cpu,ctc,4"})
    void anyNumberOfRanksTrainsAsOneDoes(String device, String kind, int parts) {
        Objective objective = kind.equals("ctc") ? CTC : BEST_RQ;
        Run alone = ranks(1, device, objective, parts).get(0);
        for (int count = 2; count <= 4; count++) {
            List<Run> runs = ranks(count, device, objective, parts);

            assertSame(alone, runs.get(0));
            for (Run other : runs) {
                assertThat(other.metrics()).isEqualTo(runs.get(0).metrics());
                assertSameBits(runs.get(0).end(), other.end());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"bestrq,1", "bestrq,4", "ctc,4"})
    void emulatedGpusDoTheSame(String kind, int parts) {
        Objective objective = kind.equals("ctc") ? CTC : BEST_RQ;

        assertSame(
                ranks(1, "cpu", objective, parts).get(0),
                ranks(2, "emit-only", objective, parts).get(0));
    }

    @Test
    void theSameRanksGiveTheSameBits() {
        assertSameBits(
                ranks(2, "cpu", BEST_RQ, 4).get(0).end(),
                ranks(2, "cpu", BEST_RQ, 4).get(1).end());
    }

    /** A mean over utterances is one over all of them, however they are cut into parts: here all are in every batch. */
    @Test
    void partsAreTheSameAsOneLargeBatch() {
        Synthetic eight = new Synthetic(41, 8, 80, 3, 1);
        TrainConfig inParts = config(Map.of("parts", "4", "passes", "20"));
        TrainConfig atOnce = config(Map.of("parts", "1", "passes", "20", "batch-seconds", "6.4"));
        Run parts =
                together(1, "cpu", inParts, RanksTest::whole, NEW, CTC, eight).get(0);
        Run whole =
                together(1, "cpu", atOnce, RanksTest::whole, NEW, CTC, eight).get(0);

        assertSame(whole, parts);
    }

    @Test
    void aTrainingGoesOnWithOtherRanks() {
        Run whole = ranks(1, "cpu", BEST_RQ, 4).get(0);
        TrainConfig config = config(Map.of("parts", "4"));
        Checkpoint half =
                together(1, "cpu", config, RanksTest::half, NEW, BEST_RQ).get(0).end();
        Run rest = together(3, "cpu", config, RanksTest::half, new Start.Resume(half), BEST_RQ)
                .get(0);

        assertThat(rest.end().step()).isEqualTo(STEPS);
        assertSameLosses(whole.metrics().subList(STEPS / 2, STEPS), rest.metrics());
    }

    @Test
    void allRanksWriteACheckpointTogetherAndAnyNumberGoesOn() {
        Folder run = Folder.of(folder);
        TrainConfig config = config(Map.of("passes", "1", "parts", "2"));
        List<Checkpoint> ends = together(
                2,
                "cpu",
                config,
                trainer -> {
                    trainer.run(run, "first", Map.of(), report -> {});
                    return trainer.checkpoint(Map.of());
                },
                NEW,
                CTC);

        Folder step = Checkpoints.latest(run).orElseThrow();
        assertSameBits(ends.get(0), Checkpoints.read(step));
        assertThat(folder.resolve(step.name()))
                .isDirectoryContaining("glob:**/model-00001-of-00002.safetensors")
                .isDirectoryContaining("glob:**/DONE-00002-of-00002");
        Start resume = Start.of(Optional.of(step), Optional.empty());
        Checkpoint read = together(1, "cpu", config, trainer -> trainer.checkpoint(Map.of()), resume, CTC)
                .get(0);
        assertSameBits(ends.get(1), read);
    }

    @Test
    void referencesDoNotTrainTogether() {
        assertThatThrownBy(() -> DeviceRequest.of("reference").open(new Communicator(new Rank(0, 2), "id")))
                .hasMessage("Cannot train on 2 devices 'reference' together, expected cpu or cuda");
    }

    private static void assertSame(Run expected, Run found) {
        double all = Math.sqrt(expected.first().optimizer().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("adam.first."))
                .mapToDouble(entry -> Math.pow(norm(entry.getValue().floats()), 2))
                .sum());
        // From zero, the first moment after a step is the clipped gradient times a constant.
        expected.first().optimizer().forEach((name, tensor) -> {
            if (name.startsWith("adam.first.")) {
                float[] wanted = tensor.floats();
                double scale = name.endsWith("key.bias") ? all : norm(wanted);
                assertThat(distance(wanted, found.first().optimizer().get(name).floats()))
                        .as(name)
                        .isLessThanOrEqualTo(SAME_GRADIENT * scale);
            }
        });
        assertSameLosses(expected.metrics(), found.metrics());
        expected.metrics()
                .get(0)
                .forEach((name, value) -> assertThat(found.metrics().get(0).get(name))
                        .as(name)
                        .isCloseTo(value, within(1e-4 * (1e-2 + Math.abs(value)))));
    }

    private static void assertSameLosses(List<Map<String, Double>> expected, List<Map<String, Double>> found) {
        assertThat(found).hasSameSizeAs(expected);
        for (int step = 0; step < expected.size(); step++) {
            double loss = expected.get(step).get("loss");
            assertThat(found.get(step).get("loss"))
                    .as("loss of step %d", step)
                    .isCloseTo(loss, within(SAME_LOSS * loss));
        }
    }

    private static void assertSameBits(Checkpoint expected, Checkpoint found) {
        expected.model()
                .forEach((name, tensor) ->
                        assertThat(found.model().get(name).floats()).as(name).isEqualTo(tensor.floats()));
        expected.optimizer()
                .forEach(
                        (name, tensor) -> assertThat(found.optimizer().get(name).floats())
                                .as(name)
                                .isEqualTo(tensor.floats()));
    }

    private static double norm(float[] values) {
        return distance(values, new float[values.length]);
    }

    private static double distance(float[] a, float[] b) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            squares += Math.pow((double) a[i] - b[i], 2);
        }
        return Math.sqrt(squares);
    }

    private static List<Run> ranks(int count, String device, Objective objective, int parts) {
        return together(count, device, objective, Map.of("parts", String.valueOf(parts)));
    }

    private static List<Run> together(int count, String device, Objective objective, Map<String, String> settings) {
        return together(count, device, config(settings), RanksTest::whole, NEW, objective);
    }

    private static Run whole(Trainer trainer) {
        return run(trainer, STEPS);
    }

    private static Run half(Trainer trainer) {
        return run(trainer, STEPS / 2);
    }

    private static Run run(Trainer trainer, int steps) {
        List<Map<String, Double>> metrics = new ArrayList<>();
        trainer.run(1, report -> metrics.add(report.metrics()));
        Checkpoint first = trainer.checkpoint(Map.of());
        trainer.run(steps - 1, report -> metrics.add(report.metrics()));
        return new Run(metrics, first, trainer.checkpoint(Map.of()));
    }

    private static <T> List<T> together(
            int count, String name, TrainConfig config, Function<Trainer, T> work, Start start, Objective objective) {
        return together(count, name, config, work, start, objective, SOURCE);
    }

    /** Each rank in a thread of its own. */
    private static <T> List<T> together(
            int count,
            String name,
            TrainConfig config,
            Function<Trainer, T> work,
            Start start,
            Objective objective,
            Synthetic utterances) {
        DeviceRequest request = DeviceRequest.of(name).withThreads(1);
        BatchSource source = utterances.source(config.bucketTable(), objective);
        return RankThreads.onDevices(request, count, device -> {
            try (Trainer trainer = Trainer.open(device, objective, source, config, start)) {
                return work.apply(trainer);
            }
        });
    }

    private static TrainConfig config(Map<String, String> settings) {
        Map<String, String> all = new TreeMap<>(Map.of("passes", "10", "buckets", "80", "batch-seconds", "1.6"));
        all.putAll(settings);
        return ConfigBinder.bind(TrainConfig.class, all, TrainConfig.DEFAULTS);
    }
}
