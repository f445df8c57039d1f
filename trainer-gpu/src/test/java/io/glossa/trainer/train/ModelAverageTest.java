package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.config.ConfigBinder;
import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Base;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.checkpoint.Tensor;
import io.glossa.trainer.data.Synthetic;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.runtime.Device;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelAverageTest {
    private static final Map<String, String> LINEAGE = Map.of("glossa.job", "average");

    @TempDir
    Path folder;

    @Test
    void isTheMeanInDoublePrecisionAndNamesItsParents() {
        Folder run = Folder.of(folder);
        float next = Math.nextUp(1f);
        for (int step = 1; step <= 4; step++) {
            write(run, step, Map.of("w", Tensor.of(new float[] {step > 2 ? next : 1, step}, 1, 2)), "abc");
        }
        List<Folder> parents = Checkpoints.models(run, 3, line -> {});
        assertThat(parents).extracting(Folder::name).containsExactly("step-00000004", "step-00000003", "step-00000002");

        Folder out = Checkpoints.write(
                Folder.of(folder.resolve("out")), ModelAverage.of(parents, Optional.empty(), LINEAGE));
        Checkpoint mean = Checkpoints.read(out);
        assertThat(mean.step()).isEqualTo(4);
        // In single precision the sum of the first elements would be 3.
        assertThat(mean.model().get("w").floats()).containsExactly(next, 3);
        assertThat(mean.optimizer()).isEmpty();
        assertThat(mean.meta().config()).containsEntry("symbols", "abc");
        assertThat(mean.meta().lineage())
                .containsEntry("glossa.job", "average")
                .containsEntry("glossa.front-end", "f")
                .containsEntry(
                        ModelAverage.PARENTS,
                        String.join(
                                ",", parents.stream().map(Checkpoints::digest).toList()))
                .doesNotContainKey("glossa.job-key");
    }

    @Test
    void refusesWhatIsNotOfOneTraining() {
        Folder run = Folder.of(folder);
        Tensor wide = Tensor.of(new float[6], 2, 3);
        Folder first = write(run, 1, Map.of("a", wide, "b", wide), "abc");
        Folder shape = write(run, 2, Map.of("a", Tensor.of(new float[6], 3, 2), "c", wide), "abc");
        Folder symbols = write(run, 3, Map.of("a", wide, "b", wide), "abd");
        refused(first, shape, "a is F32[2, 3] and F32[3, 2], b is F32[2, 3] and missing, c is missing and F32[2, 3]");
        refused(first, symbols, "symbols=abc and symbols=abd");
        Folder base = write(Folder.of(folder.resolve("base")), 1, Map.of("encoder.a", wide), "abc");
        Folder other = write(Folder.of(folder.resolve("base")), 2, Map.of("encoder.a", wide, "x", wide), "abc");
        Folder one = adapters(1, base, wide);
        Folder two = adapters(2, other, wide);
        refused(one, two, "kind ctc on " + Checkpoints.digest(base) + " and ctc on " + Checkpoints.digest(other));
        Checkpoint same = ModelAverage.of(List.of(one, one), Optional.empty(), LINEAGE);
        Folder written = Checkpoints.write(Folder.of(folder.resolve("out")), same);
        assertThat(Checkpoints.digest(written)).as("the mean of one").isEqualTo(Checkpoints.digest(one));
    }

    @Test
    void elementsOtherThanFloatsAreRefused() {
        Folder half = write(Folder.of(folder), 1, Map.of("w", Tensor.bf16(new float[4], 2, 2)), "abc");
        assertThatThrownBy(() -> ModelAverage.of(List.of(half), Optional.empty(), LINEAGE))
                .hasMessage("Cannot average " + half + ": w is BF16[2, 2], expected F32, as a training writes it");
    }

    @Test
    void versionsThatWroteOtherKeysAreOneTraining() {
        Folder run = Folder.of(folder);
        Map<String, String> today = new HashMap<>(ConfigBinder.values(GroupConfig.DEFAULTS));
        today.putAll(Map.of("attention", "chunk:200", "convolution", "crossing"));
        today.putAll(Map.of("adapter-width", "0", "speech-layers", "0"));
        Folder before = write(run, 1, Map.of("chunk-frames", "200"));
        Folder after = write(run, 2, today);
        today.put("encoder-learning-rate", "1.0E-4");
        Folder spelt = write(run, 3, today);
        today.put("encoder-learning-rate", "1e-4");
        Folder typed = write(run, 4, today);
        for (List<Folder> pair : List.of(List.of(after, before), List.of(typed, spelt))) {
            Checkpoint mean = ModelAverage.of(pair, Optional.empty(), LINEAGE);
            assertThat(mean.model().get("w").floats()).containsExactly(1);
        }
        assertThatThrownBy(() -> ModelAverage.of(List.of(typed, before), Optional.empty(), LINEAGE))
                .hasMessageContaining("encoder-learning-rate=1.0E-4 and encoder-learning-rate=auto");
    }

    private static Folder write(Folder run, long step, Map<String, String> config) {
        CheckpointMeta meta = new CheckpointMeta(step, "ctc", config, Map.of(), Map.of(), Map.of());
        Map<String, Tensor> model = Map.of("w", Tensor.of(new float[] {1}, 1));
        return Checkpoints.write(run, new Checkpoint(step, model, Map.of(), meta));
    }

    @Test
    void recognisesAsAnyModel() {
        Synthetic source = new Synthetic(41, 8, 80, 3, 1);
        Ctc ctc = new Ctc(
                new ModelConfig(1, 8, 2, 12, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4),
                SymbolTable.ofText("abc"),
                false);
        Map<String, String> settings = new HashMap<>(Map.of(
                "passes", "3", "buckets", "80", "batch-seconds", "6.4", "checkpoint-steps", "1", "keep-last", "9"));
        TrainConfig config = ConfigBinder.bind(TrainConfig.class, settings, TrainConfig.DEFAULTS);
        Folder run = Folder.of(folder.resolve("run"));
        try (Device device = DeviceRequest.of("cpu").withThreads(1).open()) {
            Start start = new Start.Fresh();
            try (Trainer trainer = Trainer.open(device, ctc, source.source(config.bucketTable(), ctc), config, start)) {
                trainer.run(run, "test", Map.of(), report -> {});
            }
            List<Folder> parents = Checkpoints.models(run, 3, line -> {});
            Folder out = Checkpoints.write(
                    Folder.of(folder.resolve("out")), ModelAverage.of(parents, Optional.empty(), LINEAGE));
            try (Recognizer recognizer = Recognizer.open(device, Checkpoints.readModel(out), 4)) {
                assertThat(recognizer.recognize(List.of(source.features(0)))).hasSize(1);
            }
            Start transfer = Start.of(Optional.empty(), Optional.of(out));
            try (Trainer trainer =
                    Trainer.open(device, ctc, source.source(config.bucketTable(), ctc), config, transfer)) {
                String name = "encoder.blocks.0.ff1.linear1.weight";
                assertThat(trainer.checkpoint(Map.of()).model().get(name).floats())
                        .isEqualTo(Checkpoints.readModel(out).model().get(name).floats());
            }
        }
    }

    private static void refused(Folder first, Folder second, String why) {
        assertThatThrownBy(() -> ModelAverage.of(List.of(first, second), Optional.empty(), LINEAGE))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                .hasMessage("Cannot average " + first + " and " + second + ": " + why
                        + ", expected checkpoints of one training");
    }

    private static Folder write(Folder run, long step, Map<String, Tensor> model, String symbols) {
        return Checkpoints.write(run, new Checkpoint(step, model, Map.of(), meta(step, symbols, Optional.empty())));
    }

    private Folder adapters(int number, Folder base, Tensor tensor) {
        return Checkpoints.write(
                Folder.of(folder.resolve("adapters-" + number)),
                new Checkpoint(
                        1,
                        Map.of("ctc.weight", tensor, "encoder.a", tensor),
                        Map.of(),
                        meta(1, "abc", Optional.of(Base.of(base)))));
    }

    private static CheckpointMeta meta(long step, String symbols, Optional<Base> base) {
        Map<String, String> config = Map.of("symbols", symbols, "passes", Long.toString(step), "ranks", "1");
        Map<String, String> lineage = Map.of("glossa.job-key", "k" + step, "glossa.front-end", "f");
        return new CheckpointMeta(step, "ctc", config, Map.of("step", step), Map.of("loss", 1.0), lineage, base);
    }
}
