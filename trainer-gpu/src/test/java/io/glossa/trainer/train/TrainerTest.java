package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.glossa.config.ConfigBinder;
import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.checkpoint.Tensor;
import io.glossa.trainer.data.Synthetic;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.cpu.CpuDevice;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
    private static final ModelConfig MODEL =
            new ModelConfig(1, 8, 2, 12, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4);
    private static final BestRqConfig MASKS = new BestRqConfig(2, 16, 4, 0.6, 0.06, 4, 0.1);
    private static final CpuDevice CPU = cpu(2);
    private static final Synthetic SOURCE = new Synthetic(41, 24, 80, 3, 1);

    @TempDir
    Path folder;

    @AfterAll
    static void close() {
        CPU.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bestrq", "ctc"})
    void twentyStepsAreTenAStopAndTen(String kind) {
        Objective objective = objective(kind);
        Map<String, String> settings = Map.of("passes", "4", "checkpoint-steps", "10");
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        List<Map<String, Double>> reported = new ArrayList<>();
        try (Trainer trainer = open(CPU, objective, SOURCE, settings, whole)) {
            assertThat(trainer.totalSteps()).isGreaterThan(20);
            trainer.run(20, report -> reported.addAll(List.of(report.metrics(), report.smoothed())));
            Checkpoints.write(Folder.of(whole), trainer.checkpoint(Map.of()));
        }
        List<Map<String, Double>> resumed = new ArrayList<>();
        for (int part = 0; part < 2; part++) {
            try (Trainer trainer = open(CPU, objective, SOURCE, settings, parts)) {
                assertThat(trainer.step()).isEqualTo(10L * part);
                trainer.run(10, report -> resumed.addAll(List.of(report.metrics(), report.smoothed())));
                Checkpoints.write(Folder.of(parts), trainer.checkpoint(Map.of()));
            }
        }
        assertThat(resumed).isEqualTo(reported);
        Checkpoint a = Checkpoints.read(Checkpoints.latest(Folder.of(whole)).orElseThrow());
        Checkpoint b = Checkpoints.read(Checkpoints.latest(Folder.of(parts)).orElseThrow());
        assertSameBits(a.model(), b.model());
        assertSameBits(a.optimizer(), b.optimizer());
        assertThat(a.meta().cursor()).isEqualTo(b.meta().cursor()).containsEntry("step", 20L);
        assertThat(a.meta().metrics())
                .isEqualTo(b.meta().metrics())
                .isEqualTo(reported.get(reported.size() - 1))
                .containsKeys("loss", "gradient-norm");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bestrq", "ctc"})
    void theSnapshotThatUtterancesWereReadFromDoesNotMatter(String kind) {
        Map<String, String> settings = Map.of("passes", "2", "seed", "3");
        List<Checkpoint> ends = new ArrayList<>();
        for (long snapshot : new long[] {5, 6_000_000_000L}) {
            Synthetic source = new Synthetic(snapshot, 20, 80, 3, 1);
            try (Trainer trainer = open(CPU, objective(kind), source, settings, folder)) {
                trainer.run(6, report -> {});
                ends.add(trainer.checkpoint(Map.of()));
            }
        }
        assertSameBits(ends.get(0).model(), ends.get(1).model());
        assertSameBits(ends.get(0).optimizer(), ends.get(1).optimizer());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bestrq", "ctc"})
    void theCpuTrainsAsTheReferenceDoes(String kind) {
        Map<String, String> settings = Map.of("passes", "1", "warmup-steps", "1", "seed", "3");
        List<Map<String, Double>> found = new ArrayList<>();
        List<Map<String, Double>> expected = new ArrayList<>();
        try (Trainer trainer = open(CPU, objective(kind), SOURCE, settings, folder)) {
            trainer.run(3, report -> found.add(report.metrics()));
        }
        try (Trainer trainer = open(new ReferenceDevice(), objective(kind), SOURCE, settings, folder)) {
            trainer.run(3, report -> expected.add(report.metrics()));
        }
        for (int step = 0; step < 3; step++) {
            Map<String, Double> own = found.get(step);
            expected.get(step)
                    .forEach((name, value) -> assertThat(own.get(name))
                            .as(name)
                            .isCloseTo(value, within(1e-3 * Math.max(1, Math.abs(value)))));
        }
    }

    @Test
    void writesCheckpointsAndEndsWhereItIsDone() {
        Map<String, String> settings = Map.of("passes", "1", "checkpoint-steps", "4");
        long total;
        try (Trainer trainer = open(CPU, objective("ctc"), SOURCE, settings, folder)) {
            total = trainer.totalSteps();
            trainer.run(Folder.of(folder), "first", Map.of("run", "r1"), report -> {
                assertThat(report.totalSteps()).isEqualTo(6);
                assertThat(report.metrics()).containsKeys("loss", "gradient-norm", "infeasible");
                assertThat(report.audioHoursPerHour()).isPositive();
            });
        }
        Checkpoint last = Checkpoints.read(Checkpoints.latest(Folder.of(folder)).orElseThrow());
        assertThat(last.step()).isEqualTo(total);
        assertThat(last.meta().lineage()).containsEntry("run", "r1");
        assertThat(last.meta().config()).containsEntry("d-model", "8").containsEntry("passes", "1");
        try (Trainer trainer = open(CPU, objective("ctc"), SOURCE, settings, folder)) {
            trainer.run(Folder.of(folder), "first", Map.of(), report -> {
                throw new AssertionError("stepped after the end");
            });
        }
    }

    @Test
    void aStepThatIsNotFiniteNamesItsFirstKernelAndLeavesTheStateAsItWas() {
        Map<String, String> settings = Map.of("passes", "2", "learning-rate", "1e30", "warmup-steps", "1");
        try (Trainer trainer = open(CPU, objective("bestrq"), SOURCE, settings, folder)) {
            trainer.run(1, report -> {});
            Checkpoint before = trainer.checkpoint(Map.of());

            assertThatThrownBy(() -> trainer.run(1, report -> {}))
                    .isInstanceOf(GlossaException.class)
                    .hasMessageMatching(
                            "Cannot go on training: the (loss|gradient-norm) of step 2 is (NaN|-?Infinity), first in kernel"
                                    + " '.+', number \\d+ of \\d+, in its result f32\\[.+], of utterances u\\d+( u\\d+)*,"
                                    + " expected finite numbers \\(a smaller learning-rate may help; skip-share=0.001"
                                    + " of all steps may be left out\\)");
            Checkpoint after = trainer.checkpoint(Map.of());
            assertSameBits(before.model(), after.model());
            assertSameBits(moments(before), moments(after));
        }
    }

    @Test
    void refusesOtherDataAndOtherSettings() {
        try (Trainer trainer = open(CPU, objective("ctc"), SOURCE, Map.of("passes", "1"), folder)) {
            trainer.run(2, report -> {});
            Checkpoints.write(Folder.of(folder), trainer.checkpoint(Map.of()));
        }
        Synthetic other = new Synthetic(42, 24, 80, 3, 1);
        assertThatThrownBy(() -> open(CPU, objective("ctc"), other, Map.of("passes", "1"), folder))
                .hasMessageContaining("snapshot 41")
                .hasMessageContaining("snapshot 42");
        assertThatThrownBy(() -> open(CPU, objective("ctc"), SOURCE, Map.of("seed", "9"), folder))
                .hasMessageContaining("seed=0")
                .hasMessageContaining("seed=9");
        assertThatThrownBy(() -> open(CPU, objective("bestrq"), SOURCE, Map.of(), folder))
                .hasMessageContaining("'ctc'");
        Objective wider = new Ctc(
                new ModelConfig(1, 16, 2, 12, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4),
                SymbolTable.ofText("abc"),
                true);
        assertThatThrownBy(() -> open(CPU, wider, SOURCE, Map.of("passes", "1"), folder))
                .hasMessage("Cannot resume training: the checkpoint has d-model=8, found d-model=16, expected the same"
                        + " (start anew in another folder)");
        open(CPU, objective("ctc"), SOURCE, Map.of("passes", "2"), folder).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "3"})
    void refusesAnotherVersionsOrderOfBatches(String order) {
        Map<String, String> settings = Map.of("passes", "1");
        Checkpoint own;
        try (Trainer trainer = open(CPU, objective("ctc"), SOURCE, settings, folder)) {
            trainer.run(1, report -> {});
            own = trainer.checkpoint(Map.of());
        }
        CheckpointMeta meta = own.meta();
        assertThat(meta.config()).containsEntry("order", "2");
        Map<String, String> other = new HashMap<>(meta.config());
        other.remove("order");
        if (!order.equals("1")) {
            other.put("order", order);
        }
        write(own, other);
        assertThatThrownBy(() -> open(CPU, objective("ctc"), new Synthetic(42, 24, 80, 3, 1), settings, folder))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                .hasMessage("Cannot resume training: the checkpoint was trained in an order of batches of another"
                        + " version, order=" + order
                        + ", expected order=2 (start anew in another folder; finetune takes"
                        + " its encoder by --init)");
    }

    @Test
    void goesOnFromBeforeThereWereKindsOfAttentionAndAdapters() {
        Map<String, String> settings = Map.of("passes", "1");
        Checkpoint own;
        try (Trainer trainer = open(CPU, objective("ctc"), SOURCE, settings, folder)) {
            trainer.run(1, report -> {});
            own = trainer.checkpoint(Map.of());
        }
        Map<String, String> before = new HashMap<>(own.meta().config());
        assertThat(before).containsEntry("attention", "chunk:6").doesNotContainKey("chunk-frames");
        assertThat(before.remove("adapter-width")).isEqualTo("0");
        before.keySet().removeAll(ModelConfig.kinds());
        before.put("chunk-frames", "6");
        write(own, before);
        try (Trainer trainer = open(CPU, objective("ctc"), SOURCE, settings, folder)) {
            assertThat(trainer.step()).isEqualTo(1);
        }
        before.put("chunk-frames", "0");
        write(own, before);
        assertThatThrownBy(() -> open(CPU, objective("ctc"), SOURCE, settings, folder))
                .hasMessageContaining("the checkpoint has attention=full, found attention=chunk:6");
    }

    private void write(Checkpoint own, Map<String, String> config) {
        CheckpointMeta meta = own.meta();
        CheckpointMeta other =
                new CheckpointMeta(meta.step(), meta.kind(), config, meta.cursor(), meta.metrics(), meta.lineage());
        Checkpoints.write(Folder.of(folder), new Checkpoint(own.step(), own.model(), own.optimizer(), other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bestrq", "ctc"})
    void onlyAsManyThreadsGoOnToTheSameBits(String kind) {
        Map<String, String> settings = Map.of("passes", "1");
        Path onTwo = folder.resolve("two");
        Path onAny = folder.resolve("any");
        for (Path run : List.of(onTwo, onAny)) {
            try (Device device = run.equals(onTwo) ? cpu(2) : new ReferenceDevice();
                    Trainer trainer = open(device, objective(kind), SOURCE, settings, run)) {
                trainer.run(1, report -> {});
                Checkpoints.write(Folder.of(run), trainer.checkpoint(Map.of()));
            }
        }
        for (int threads : new int[] {1, 3}) {
            try (Device other = cpu(threads)) {
                assertThatThrownBy(() -> open(other, objective(kind), SOURCE, settings, onTwo))
                        .isInstanceOfSatisfying(
                                GlossaException.class,
                                error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                        .hasMessage("Cannot resume training: the checkpoint has threads=2, found threads=" + threads
                                + ", expected the same, on which the last bits of sums depend (--threads 2 works with"
                                + " any number of cores)");
                open(other, objective(kind), SOURCE, settings, onAny).close();
            }
        }
        open(new ReferenceDevice(), objective(kind), SOURCE, settings, onTwo).close();
    }

    @Test
    void fineTuningTakesTheEncoderOfPreTraining() {
        Checkpoint pretrained;
        try (Trainer trainer = open(CPU, objective("bestrq"), SOURCE, Map.of("passes", "1"), folder)) {
            trainer.run(3, report -> {});
            pretrained = trainer.checkpoint(Map.of());
        }
        TrainConfig config = config(Map.of("passes", "1", "seed", "8"));
        Synthetic labelled = new Synthetic(43, 10, 60, 3, 2);
        try (Trainer trainer = Trainer.open(
                CPU,
                objective("ctc"),
                labelled.source(config.bucketTable(), objective("ctc")),
                config,
                new Start.Transfer(pretrained))) {
            Map<String, Tensor> model = trainer.checkpoint(Map.of()).model();
            Map<String, Tensor> kept = new HashMap<>(pretrained.model());
            kept.keySet().removeIf(name -> !name.startsWith("encoder.") && !name.startsWith("frontend."));
            Map<String, Tensor> taken = new HashMap<>(model);
            taken.keySet().retainAll(kept.keySet());
            assertSameBits(kept, taken);
            model.keySet().stream()
                    .filter(name -> !taken.containsKey(name))
                    .forEach(name -> assertThat(name).startsWith("ctc."));
        }
    }

    @Test
    void aRecogniserLearnsToRead() {
        Synthetic source = new Synthetic(44, 40, 80, 3, 5);
        Map<String, String> settings = Map.of("passes", "60", "learning-rate", "0.02", "warmup-steps", "10");
        Checkpoint trained;
        try (Trainer trainer = open(CPU, objective("ctc"), source, settings, folder)) {
            trainer.run(Long.MAX_VALUE / 2, report -> {});
            trained = trainer.checkpoint(Map.of());
        }
        SymbolTable symbols = ((Ctc) objective("ctc")).symbols();
        try (Recognizer recognizer = Recognizer.open(CPU, trained, 40)) {
            List<float[]> features =
                    IntStream.range(0, source.size()).mapToObj(source::features).toList();
            List<Hypothesis> together = recognizer.recognize(features);
            int right = 0;
            for (int i = 0; i < source.size(); i++) {
                Hypothesis hypothesis = together.get(i);
                String text = symbols.decode(source.utterance(i).labels());
                right += hypothesis.text().equals(text) ? 1 : 0;
                assertThat(hypothesis.frames()).isEqualTo(source.utterance(i).frames());
                assertThat(hypothesis.score()).isNegative();
                assertThat(hypothesis.confidence()).isBetween(0.0, 1.0);
                Hypothesis alone =
                        recognizer.recognize(List.of(features.get(i))).get(0);
                assertThat(alone.text()).isEqualTo(hypothesis.text());
                assertThat(alone.score()).isCloseTo(hypothesis.score(), within(1e-3));
            }
            assertThat(right).isGreaterThan(36);
            assertThatThrownBy(() -> recognizer.recognize(List.of(new float[Synthetic.MELS * 4000])))
                    .hasMessageContaining("4000 frames");
        }
    }

    @Test
    void preTrainingLowersTheLoss() {
        List<Double> losses = new ArrayList<>();
        Map<String, String> settings = Map.of("passes", "30", "learning-rate", "0.01", "warmup-steps", "10");
        try (Trainer trainer = open(CPU, objective("bestrq"), SOURCE, settings, folder)) {
            trainer.run(
                    Long.MAX_VALUE / 2, report -> losses.add(report.smoothed().get("loss")));
            assertThatThrownBy(() -> Recognizer.open(CPU, trainer.checkpoint(Map.of()), 40))
                    .hasMessageContaining("fine-tune");
        }
        assertThat(losses.get(0)).isCloseTo(Math.log(16), within(0.7));
        assertThat(losses.get(losses.size() - 1)).isLessThan(losses.get(0) - 0.1);
    }

    /** What the optimizer carries; forward passes count codebook entries beside. */
    private static Map<String, Tensor> moments(Checkpoint checkpoint) {
        Map<String, Tensor> moments = new HashMap<>(checkpoint.optimizer());
        moments.remove("quantizer.usage");
        return moments;
    }

    private static CpuDevice cpu(int threads) {
        return CpuDevice.open(threads, CpuDevice.defaultCache(), Dumps.NONE);
    }

    private static Objective objective(String kind) {
        return kind.equals("ctc") ? new Ctc(MODEL, SymbolTable.ofText("abc"), true) : new BestRq(MODEL, MASKS);
    }

    private static TrainConfig config(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of("batch-seconds", "2.4", "buckets", "40,80"));
        all.putAll(settings);
        return ConfigBinder.bind(TrainConfig.class, all, TrainConfig.DEFAULTS);
    }

    private static Trainer open(
            Device device, Objective objective, Synthetic source, Map<String, String> settings, Path folder) {
        TrainConfig config = config(settings);
        return Trainer.open(
                device,
                objective,
                source.source(config.bucketTable(), objective),
                config,
                Start.of(Checkpoints.latest(Folder.of(folder)), Optional.empty()));
    }

    private static void assertSameBits(Map<String, Tensor> a, Map<String, Tensor> b) {
        assertThat(a.keySet()).isEqualTo(b.keySet()).isNotEmpty();
        a.forEach((name, tensor) -> assertThat(
                        Arrays.equals(tensor.floats(), b.get(name).floats()))
                .as(name)
                .isTrue());
    }
}
