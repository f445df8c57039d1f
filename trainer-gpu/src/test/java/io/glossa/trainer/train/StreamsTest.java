package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.glossa.config.ConfigBinder;
import io.glossa.storage.Half;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.Tensor;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Census;
import io.glossa.trainer.data.Example;
import io.glossa.trainer.data.Synthetic;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.objective.Recipe;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.ranks.RankThreads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps that learn from several kinds of data. */
class StreamsTest {
    /** Of unequal lengths, and as many of each as leave a last step that is not full. */
    private static final Synthetic SPEECH = new Synthetic(41, 29, 80, 3, 1);

    private static final Synthetic PAIRED = new Synthetic(42, 13, 80, 3, 2);
    private static final ModelConfig MODEL =
            new ModelConfig(1, 8, 2, 12, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4);
    private static final Objective BEST_RQ = new BestRq(MODEL, new BestRqConfig(2, 9, 4, 0.7, 0.1, 3, 0.1));
    private static final Objective CTC = new Ctc(MODEL, SymbolTable.ofText("abc"), false);
    private static final TrainConfig CONFIG = ConfigBinder.bind(
            TrainConfig.class,
            Map.of("passes", "2", "buckets", "80", "batch-seconds", "1.6", "parts", "2", "clip-norm", "1e9"),
            TrainConfig.DEFAULTS);
    private static final Stream UNTRANSCRIBED =
            Stream.ofSpeech("untranscribed", BEST_RQ, SPEECH.source(CONFIG.bucketTable(), BEST_RQ), CONFIG.batches());
    private static final Stream TRANSCRIBED =
            Stream.ofSpeech("paired", CTC, PAIRED.source(CONFIG.bucketTable(), CTC), CONFIG.batches());
    private static final List<Stream> BOTH = List.of(UNTRANSCRIBED, TRANSCRIBED);

    private record Run(List<Map<String, Double>> metrics, Checkpoint first, Checkpoint end) {}

    @Test
    void oneStreamIsTheTrainingWithoutStreams() {
        Run plain = RankThreads.onDevices(DeviceRequest.of("cpu").withThreads(1), 1, device -> {
                    try (Trainer trainer = Trainer.open(device, CTC, TRANSCRIBED.source(), CONFIG, new Start.Fresh())) {
                        return run(trainer);
                    }
                })
                .get(0);
        String all = plain.metrics().size() + ":paired";
        Run stream = run(1, "cpu", List.of(TRANSCRIBED), all);

        assertSameGradients(plain.first(), stream.first());
        for (int step = 0; step < plain.metrics().size(); step++) {
            double loss = plain.metrics().get(step).get("loss");
            assertThat(stream.metrics().get(step).get("paired.loss")).isCloseTo(loss, within(1e-4 * loss));
        }
    }

    /** From zero, the first moment after a step is the gradient times a constant. */
    @Test
    void gradientsAreAddedUpByTheirWeights() {
        Map<String, Tensor> one = moments(run(1, "cpu", BOTH, "9:untranscribed"));
        Map<String, Tensor> other = moments(run(1, "cpu", BOTH, "9:paired"));
        Map<String, Tensor> both = moments(run(1, "cpu", BOTH, "9:untranscribed=0.5+paired=3"));

        both.forEach((name, found) -> {
            float[] expected = new float[found.floats().length];
            for (int i = 0; i < expected.length; i++) {
                expected[i] =
                        0.5f * one.get(name).floats()[i] + 3 * other.get(name).floats()[i];
            }
            assertThat(distance(expected, found.floats())).as(name).isLessThan(1e-5 * (norm(expected) + 1e-3));
        });
    }

    @ParameterizedTest
    @CsvSource({"cpu,2", "cpu,3", "emit-only,2"})
    void anyNumberOfRanksTrainsAsOneDoes(String device, int ranks) {
        Run alone = run(1, "cpu", BOTH, "6:untranscribed+paired");
        Run together = run(ranks, device, BOTH, "6:untranscribed+paired");

        assertSameGradients(alone.first(), together.first());
        for (int step = 0; step < 6; step++) {
            double loss = alone.metrics().get(step).get("loss");
            assertThat(together.metrics().get(step).get("loss")).isCloseTo(loss, within(1e-4 * loss));
        }
    }

    @Test
    void aStreamGoesOnFromPhaseToPhaseAndOverAResume() {
        String[] phases = {"3:paired", "2:untranscribed=0.5", "4:untranscribed=0.5+paired=2"};
        Run whole = run(1, "cpu", BOTH, phases);
        List<Checkpoint> half = train(
                1,
                "cpu",
                BOTH,
                new Start.Fresh(),
                trainer -> {
                    trainer.run(6, report -> {});
                    return trainer.checkpoint(Map.of());
                },
                phases);
        Checkpoint rest = train(
                        1,
                        "cpu",
                        BOTH,
                        new Start.Resume(half.get(0)),
                        trainer -> {
                            trainer.run(100, report -> {});
                            return trainer.checkpoint(Map.of());
                        },
                        phases)
                .get(0);

        assertThat(whole.metrics()).hasSize(9);
        assertThat(whole.metrics().get(2))
                .containsKeys("paired.loss", "paired.time-share")
                .doesNotContainKey("untranscribed.loss");
        assertThat(whole.metrics().get(3))
                .containsKey("untranscribed.masked-accuracy")
                .doesNotContainKey("paired.loss");
        Map<String, Double> last = whole.metrics().get(8);
        assertThat(last.get("loss"))
                .isCloseTo(0.5 * last.get("untranscribed.loss") + 2 * last.get("paired.loss"), within(1e-5));
        assertThat(rest.step()).isEqualTo(9);
        whole.end()
                .model()
                .forEach((name, tensor) ->
                        assertThat(rest.model().get(name).floats()).as(name).isEqualTo(tensor.floats()));
        assertThatThrownBy(() -> train(
                        1,
                        "cpu",
                        List.of(TRANSCRIBED, UNTRANSCRIBED),
                        new Start.Resume(half.get(0)),
                        trainer -> 0,
                        phases))
                .hasMessageContaining("snapshot 41");
    }

    @Test
    void whatNoStreamOfAPhaseTrainsStaysAsItIs() {
        Run paired = run(1, "cpu", BOTH, "4:paired");
        Function<Checkpoint, float[]> heads =
                checkpoint -> checkpoint.model().get("heads.0.weight").floats();
        assertThat(heads.apply(paired.end())).isEqualTo(heads.apply(paired.first()));
    }

    @Test
    void aStepThatOneStreamSpoilsIsLeftOutWithItsUtterances() {
        BatchSource spoilt = new BatchSource() {
            @Override
            public long snapshot() {
                return 41;
            }

            @Override
            public Census census() {
                return UNTRANSCRIBED.source().census();
            }

            @Override
            public List<List<Example>> cells(int bucket, int[] blocks) {
                return UNTRANSCRIBED.source().cells(bucket, blocks).stream()
                        .map(cell -> cell.stream().map(this::spoilt).toList())
                        .toList();
            }

            private Example spoilt(Example example) {
                float[] nothing = new float[example.features().length];
                Arrays.fill(nothing, Float.NaN);
                return new Example(example.utterance(), Half.encode(nothing));
            }
        };
        List<SkippedStep> skipped = new ArrayList<>();
        List<Stream> streams =
                List.of(TRANSCRIBED, Stream.ofSpeech("untranscribed", BEST_RQ, spoilt, CONFIG.batches()));
        train(
                1,
                "cpu",
                streams,
                new Start.Fresh(),
                trainer -> {
                    trainer.run(2, new StepListener() {
                        @Override
                        public void onStep(StepReport report) {}

                        @Override
                        public void onSkipped(SkippedStep step) {
                            skipped.add(step);
                        }
                    });
                    return 0;
                },
                "2000:untranscribed+paired");

        assertThat(skipped).isNotEmpty();
        assertThat(skipped.get(0).utterances()).isNotEmpty().allMatch(id -> id.startsWith("untranscribed/"));
    }

    private static Run run(int ranks, String device, List<Stream> streams, String... phases) {
        return train(ranks, device, streams, new Start.Fresh(), StreamsTest::run, phases)
                .get(0);
    }

    private static <T> List<T> train(
            int ranks, String device, List<Stream> streams, Start start, Function<Trainer, T> work, String... phases) {
        Curriculum curriculum = Curriculum.parse(
                List.of(phases), streams.stream().map(Stream::name).toList());
        return RankThreads.onDevices(DeviceRequest.of(device).withThreads(1), ranks, opened -> {
            try (Trainer trainer = Trainer.open(opened, new Both(), streams, curriculum, CONFIG, start)) {
                return work.apply(trainer);
            }
        });
    }

    private static Run run(Trainer trainer) {
        List<Map<String, Double>> metrics = new ArrayList<>();
        trainer.run(1, report -> metrics.add(report.metrics()));
        Checkpoint first = trainer.checkpoint(Map.of());
        trainer.run(100, report -> metrics.add(report.metrics()));
        return new Run(metrics, first, trainer.checkpoint(Map.of()));
    }

    private static Map<String, Tensor> moments(Run run) {
        Map<String, Tensor> moments = new HashMap<>(run.first().optimizer());
        moments.keySet().removeIf(name -> !name.startsWith("adam.first."));
        return moments;
    }

    private static void assertSameGradients(Checkpoint expected, Checkpoint found) {
        expected.optimizer().forEach((name, tensor) -> {
            if (name.startsWith("adam.first.")) {
                float[] wanted = tensor.floats();
                double scale = name.endsWith("key.bias") ? 1 : norm(wanted);
                assertThat(distance(wanted, found.optimizer().get(name).floats()))
                        .as(name)
                        .isLessThanOrEqualTo(1e-5 * scale);
            }
        });
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

    private record Both() implements Recipe {
        @Override
        public String kind() {
            return "both";
        }

        @Override
        public ModelConfig model() {
            return MODEL;
        }

        @Override
        public Map<String, String> config() {
            return Map.of();
        }
    }
}
