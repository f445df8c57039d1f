package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.glossa.config.ConfigBinder;
import io.glossa.storage.Half;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Census;
import io.glossa.trainer.data.Example;
import io.glossa.trainer.data.Utterance;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.SymbolTable;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The small parts of the loop: schedule, admission, metrics, settings, statistics, the count of operations. */
class LoopPartsTest {
    private static final ModelConfig MODEL = ModelConfig.preset("xs");
    private static final Ctc CTC = new Ctc(MODEL, SymbolTable.ofText("abcde"), false);
    private static final BestRq BEST_RQ = new BestRq(MODEL, BestRqConfig.DEFAULTS);

    @Test
    void theRateRisesHoldsAndFalls() {
        TrainConfig config = ConfigBinder.bind(
                TrainConfig.class,
                Map.of("learning-rate", "0.1", "warmup-steps", "10", "hold-share", "0.5", "floor-share", "0.1"),
                TrainConfig.DEFAULTS);
        LearningRate rate = new LearningRate(config, 100);
        assertThat(rate.at(0)).isCloseTo(0.01, within(1e-12));
        assertThat(rate.at(9)).isCloseTo(0.1, within(1e-12));
        assertThat(rate.at(49)).isCloseTo(0.1, within(1e-12));
        assertThat(rate.at(75)).isCloseTo(0.05, within(1e-12));
        assertThat(rate.at(99)).isCloseTo(0.01, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"1, auto", "3, auto", "9, auto", "1000, auto", "150, 149", "150, 150", "150, 0", "150, 1", "150, 100"})
    void thePeakIsReachedInATrainingOfAnyLength(int steps, String warmup) {
        TrainConfig config = ConfigBinder.bind(
                TrainConfig.class,
                Map.of("learning-rate", "0.001", "warmup-steps", warmup, "hold-share", "0.3"),
                TrainConfig.DEFAULTS);
        LearningRate rate = new LearningRate(config, steps);
        assertThat(LongStream.range(0, steps).mapToDouble(rate::at).max()).hasValue(0.001);
    }

    @Test
    void aWarmUpThatOutlastsTheTrainingIsRefused() {
        TrainConfig config = ConfigBinder.bind(TrainConfig.class, Map.of("warmup-steps", "200"), TrainConfig.DEFAULTS);
        assertThatThrownBy(() -> new LearningRate(config, 150))
                .hasMessage("Cannot reach the learning-rate 0.001: warmup-steps=200, but the training has only 150"
                        + " steps, expected fewer (or auto, which is a tenth of all steps)");
    }

    @Test
    void settingsAreChecked() {
        for (String warmup : List.of("-1", "1.5", "soon", "99999999999")) {
            assertThatThrownBy(() ->
                            ConfigBinder.bind(TrainConfig.class, Map.of("warmup-steps", warmup), TrainConfig.DEFAULTS))
                    .hasMessage("Cannot train with warmup-steps=" + warmup + ": expected 0 or more, or auto");
        }
        assertThatThrownBy(() -> ConfigBinder.bind(TrainConfig.class, Map.of("passes", "0"), TrainConfig.DEFAULTS))
                .hasMessage("Cannot train with passes=0: expected at least 1");
        assertThatThrownBy(() -> ConfigBinder.bind(TrainConfig.class, Map.of("buckets", "4x"), TrainConfig.DEFAULTS))
                .hasMessageContaining("buckets=4x");
    }

    @Test
    void whatCannotBeUsedIsCountedByReason() {
        List<Utterance> utterances = List.of(
                new Utterance("fits", 20, new int[] {1, 2, 3, 4, 5}),
                new Utterance("repeats", 20, new int[] {1, 1, 2, 3, 4}),
                new Utterance("long", 44, new int[] {1}),
                new Utterance("silent", 20, new int[0]),
                new Utterance("none", 0, new int[] {1}));
        List<Example> examples = utterances.stream()
                .map(utterance -> new Example(utterance, new byte[0]))
                .toList();
        Buckets buckets = Buckets.of(List.of(20, 40), 1);
        Census labelled = MemorySource.of(1, examples, buckets, CTC).census();
        assertThat(labelled.utterances()).isEqualTo(1);
        assertThat(labelled.rejected())
                .isEqualTo(Map.of("too-many-symbols", 1L, "too-long", 1L, "no-text", 1L, "empty", 1L));
        Census unlabelled = MemorySource.of(1, examples, buckets, BEST_RQ).census();
        assertThat(unlabelled.utterances()).isEqualTo(3);
        assertThat(unlabelled.rejected()).isEqualTo(Map.of("too-long", 1L, "empty", 1L));
        assertThatThrownBy(() -> MemorySource.of(1, examples.subList(2, 5), buckets, CTC)
                        .census()
                        .requireSome())
                .hasMessage("Cannot train: none of 3 utterances can be used, {empty=1, no-text=1, too-long=1}, expected"
                        + " at least one");
    }

    @Test
    void metricsOfSeveralValuesAreTheMeanAndEach() {
        Map<String, Double> metrics = Metrics.of(Map.of("use", HostTensor.of(new float[] {1, 3}, 2)));
        assertThat(metrics).isEqualTo(Map.of("use", 2.0, "use.0", 1.0, "use.1", 3.0));
    }

    @Test
    void averagesAreOfAboutFiftyStepsAndGoOnWhereTheyStopped() {
        Metrics whole = new Metrics(Map.of(), 0);
        assertThat(whole.smoothed(Map.of("loss", 4.0))).isEqualTo(Map.of("loss", 4.0));
        assertThat(whole.smoothed(Map.of("loss", 2.0)).get("loss")).isBetween(2.9, 3.0);
        for (int step = 3; step <= 400; step++) {
            Metrics resumed = new Metrics(whole.averages(), step - 1);
            Map<String, Double> now = Map.of("loss", 1.0 / step);
            assertThat(resumed.smoothed(now)).isEqualTo(whole.smoothed(now));
        }
        double sum = 0;
        double weight = 0;
        for (int step = 1; step <= 400; step++) {
            sum = 0.98 * sum + (step < 3 ? 6.0 - 2 * step : 1.0 / step);
            weight = 0.98 * weight + 1;
        }
        assertThat(whole.averages().get("loss")).isCloseTo(sum / weight, within(1e-12));
    }

    @Test
    void statisticsAreOverFrames() {
        Utterance two = new Utterance("a", 2, new int[0]);
        Example example = new Example(two, Half.encode(new float[] {1, 5, 3, 5}));
        BatchSource source = MemorySource.of(1, List.of(example), Buckets.of(List.of(4), 1), BEST_RQ);
        Map<String, HostTensor> statistics = FeatureStatistics.of(source, 2);
        assertThat(statistics.get("frontend.mean").floats()).containsExactly(2, 5);
        assertThat(statistics.get("frontend.std").floats()).containsExactly(1, 1e-3f);
    }

    @Test
    void aStepIsAboutAHundredGflop() {
        BestRq xs = new BestRq(ModelConfig.preset("xs"), BestRqConfig.DEFAULTS.withCapacity(0.4));
        assertThat(xs.rows(new Bucket(4, 1600))).isEqualTo(640);
        assertThat(xs.flop(new Bucket(4, 1600), 0)).isCloseTo(102.7e9, within(0.1e9));
        BestRq s = new BestRq(ModelConfig.preset("s"), BestRqConfig.DEFAULTS.withCapacity(0.4));
        assertThat(s.flop(new Bucket(4, 1600), 0)).isCloseTo(269.0e9, within(0.1e9));
        BestRq adapted = new BestRq(
                ModelConfig.preset("xs", Map.of("adapter-width", "64")), BestRqConfig.DEFAULTS.withCapacity(0.4));
        double adapters = 3.0 * 2 * 4 * 144 * 64 * 1600 * 4; // of width 64, in 4 blocks of width 144, at 1600 frames
        assertThat(adapted.flop(new Bucket(4, 1600), 0) - xs.flop(new Bucket(4, 1600), 0))
                .isCloseTo(adapters, within(1.0));
        Map<String, String> apart = Map.of("layers", "3", "speech-layers", "1");
        BestRq split = new BestRq(ModelConfig.preset("xs", apart), BestRqConfig.DEFAULTS.withCapacity(0.4));
        assertThat(split.flop(new Bucket(4, 1600), 0)).isEqualTo(xs.flop(new Bucket(4, 1600), 0));
    }
}
