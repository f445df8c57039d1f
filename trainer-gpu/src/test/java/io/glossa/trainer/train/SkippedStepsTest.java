package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.config.ConfigBinder;
import io.glossa.storage.Folder;
import io.glossa.storage.Half;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.checkpoint.Tensor;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Example;
import io.glossa.trainer.data.Synthetic;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.ranks.RankThreads;
import io.glossa.trainer.runtime.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps that an utterance spoils: features that are no numbers. */
class SkippedStepsTest {
    private static final Synthetic SPEECH = new Synthetic(41, 24, 80, 3, 1);
    private static final int SPOILT = 5;
    private static final Ctc CTC = new Ctc(
            new ModelConfig(1, 8, 2, 12, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4),
            SymbolTable.ofText("abc"),
            false);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"1,1", "1,2", "2,2"})
    void isLeftOutAlikeByAllAndTrainingGoesOn(int ranks, int parts) {
        Path run = folder.resolve("whole");
        ConcurrentLinkedQueue<SkippedStep> told = new ConcurrentLinkedQueue<>();
        List<StepReport> reports = train(ranks, parts, "0.5", 2, run, told);
        List<Long> steps =
                told.stream().map(SkippedStep::step).distinct().sorted().toList();

        assertThat(steps).as("one in each pass").hasSize(2);
        assertThat(told).hasSize(2 * ranks).allMatch(step -> Double.isNaN(step.gradientNorm()));
        assertThat(told).anySatisfy(step -> assertThat(step.utterances()).contains("u" + SPOILT));
        Checkpoint end = Checkpoints.read(Checkpoints.latest(Folder.of(run)).orElseThrow());
        end.model()
                .forEach(
                        (name, tensor) -> assertThat(allFinite(tensor)).as(name).isTrue());
        end.optimizer()
                .forEach(
                        (name, tensor) -> assertThat(allFinite(tensor)).as(name).isTrue());
        assertThat(end.meta().lineage()).containsEntry("glossa.skipped-steps", steps.get(0) + "," + steps.get(1));
        assertThat(end.meta().metrics().values()).allMatch(Double::isFinite);
        assertThat(reports.get(reports.size() - 1).smoothed()).containsEntry("skipped", 2.0);

        // What went on from a checkpoint between them has both, and the same bits.
        Path halves = folder.resolve("halves");
        train(ranks, parts, "0.5", 1, halves, told);
        train(ranks, parts, "0.5", 2, halves, told);
        Checkpoint resumed =
                Checkpoints.read(Checkpoints.latest(Folder.of(halves)).orElseThrow());
        assertThat(resumed.meta().lineage()).isEqualTo(end.meta().lineage());
        assertThat(resumed.meta().metrics()).isEqualTo(end.meta().metrics());
        end.model()
                .forEach((name, tensor) ->
                        assertThat(resumed.model().get(name).floats()).as(name).isEqualTo(tensor.floats()));
    }

    @Test
    void tooManyEndTheTraining() {
        assertThatThrownBy(() -> train(1, 1, "0.1", 2, folder, new ConcurrentLinkedQueue<>()))
                .hasMessageMatching(
                        "(?s).*Cannot go on training: the (loss|gradient-norm) of step \\d+ is NaN, first in"
                                + " input 'features' f32\\[.+], of utterances .*u" + SPOILT
                                + ".*, expected finite numbers, but"
                                + " for the 1 steps left out before \\(a smaller learning-rate may help; skip-share=0.1 of all"
                                + " steps may be left out\\)");
    }

    private static boolean allFinite(Tensor tensor) {
        float[] values = tensor.floats();
        return IntStream.range(0, values.length).allMatch(i -> Float.isFinite(values[i]));
    }

    /** What the first rank reports. */
    private static List<StepReport> train(
            int ranks, int parts, String share, int passes, Path folder, ConcurrentLinkedQueue<SkippedStep> told) {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "passes", Integer.toString(passes),
                "parts", Integer.toString(parts),
                "buckets", "80",
                "batch-seconds", "3.2",
                "warmup-steps", "1",
                "hold-share", "1",
                "skip-share", share));
        TrainConfig config = ConfigBinder.bind(TrainConfig.class, settings, TrainConfig.DEFAULTS);
        BatchSource source = MemorySource.of(
                SPEECH.source(config.bucketTable(), CTC).snapshot(), spoilt(), config.bucketTable(), CTC);
        Start start = Checkpoints.latest(Folder.of(folder))
                .<Start>map(step -> new Start.Resume(Checkpoints.read(step)))
                .orElseGet(() -> new Start.Transfer(unspoilt(config)));
        return RankThreads.onDevices(DeviceRequest.of("cpu").withThreads(1), ranks, device -> {
                    List<StepReport> reports = new ArrayList<>();
                    StepListener listener = new StepListener() {
                        @Override
                        public void onStep(StepReport report) {
                            reports.add(report);
                        }

                        @Override
                        public void onSkipped(SkippedStep step) {
                            told.add(step);
                        }
                    };
                    try (Trainer trainer = Trainer.open(device, CTC, source, config, start)) {
                        trainer.run(Folder.of(folder), "test", Map.of(), listener);
                    }
                    return reports;
                })
                .get(0);
    }

    /** A model that has statistics of numbers. */
    private static Checkpoint unspoilt(TrainConfig config) {
        try (Device device = DeviceRequest.of("cpu").withThreads(1).open();
                Trainer trainer = Trainer.open(
                        device, CTC, SPEECH.source(config.bucketTable(), CTC), config, new Start.Fresh())) {
            return trainer.checkpoint(Map.of());
        }
    }

    private static List<Example> spoilt() {
        return IntStream.range(0, SPEECH.size())
                .mapToObj(i -> {
                    float[] features = SPEECH.features(i).clone();
                    if (i == SPOILT) {
                        Arrays.fill(features, 40, 48, Float.NaN);
                    }
                    return new Example(SPEECH.utterance(i), Half.encode(features));
                })
                .toList();
    }
}
