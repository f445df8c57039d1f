package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.config.ConfigBinder;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Base;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.checkpoint.Tensor;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Synthetic;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.ranks.RankThreads;
import io.glossa.trainer.runtime.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters on a frozen encoder, in checkpoints that name it. */
class AdaptersTest {
    private static final Synthetic SOURCE = new Synthetic(31, 24, 80, 3, 1);
    private static final Map<String, String> FROZEN = Map.of("freeze", "encoder.**");

    @TempDir
    static Path folder;

    private static Folder pretrained;

    @BeforeAll
    static void pretrain() {
        pretrained = base(0);
    }

    private static ModelConfig model(int adapters) {
        return new ModelConfig(
                1, 64, 2, 256, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4, adapters, 0);
    }

    private static Ctc ctc(int adapters) {
        return new Ctc(model(adapters), SymbolTable.ofText("abc"), true);
    }

    /** Of a model that no step was made with. */
    private static Folder base(int seed) {
        BestRq objective = new BestRq(model(0), new BestRqConfig(1, 8, 4, 0.7, 0.1, 3, 0.1));
        TrainConfig config = config(Map.of("seed", Integer.toString(seed)));
        try (Device device = DeviceRequest.of("cpu").withThreads(1).open();
                Trainer trainer = trainer(device, objective, config, new Start.Fresh())) {
            return Checkpoints.write(Folder.of(folder.resolve("base-" + seed)), trainer.checkpoint(Map.of()));
        }
    }

    @Test
    void theModelIsUnchangedAtTheStart() {
        Start start = Start.of(Optional.empty(), Optional.of(pretrained));
        List<Checkpoint> starts = new ArrayList<>();
        List<List<float[]>> heard = new ArrayList<>();
        try (Device device = DeviceRequest.of("cpu").withThreads(1).open()) {
            for (int adapters : new int[] {0, 4}) {
                try (Trainer trainer = trainer(device, ctc(adapters), config(FROZEN), start)) {
                    starts.add(trainer.checkpoint(Map.of()));
                }
                try (Recognizer recognizer = Recognizer.open(device, starts.get(starts.size() - 1), 8)) {
                    heard.add(recognizer.logProbabilities(List.of(SOURCE.features(0), SOURCE.features(1))));
                }
            }
        }
        assertThat(heard.get(1)).usingRecursiveComparison().isEqualTo(heard.get(0));
        assertThat(starts.get(0).meta().base()).as("a frozen encoder alone").isEmpty();
        assertThat(starts.get(1).meta().base()).contains(Base.of(pretrained));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void checkpointsHaveAdaptersAndHeadAndAResumeGoesOn(int ranks) throws IOException {
        Path whole = folder.resolve("whole-" + ranks);
        Path halves = folder.resolve("halves-" + ranks);
        train(ranks, 2, whole);
        train(ranks, 1, halves);
        Checkpoint half = Checkpoints.read(latest(halves));
        train(ranks, 2, halves);
        Checkpoint end = Checkpoints.read(latest(whole));

        assertThat(Checkpoints.digest(latest(halves)))
                .isEqualTo(Checkpoints.digest(latest(whole)))
                .isNotEqualTo(half.meta().base().orElseThrow().digest());
        Map<String, Tensor> encoder = new HashMap<>(end.model());
        encoder.keySet().removeIf(name -> !Base.has(name));
        Map<String, Tensor> of = Checkpoints.read(pretrained).model();
        encoder.forEach((name, tensor) ->
                assertThat(tensor.floats()).as(name).isEqualTo(of.get(name).floats()));
        assertThat(end.model().keySet())
                .filteredOn(name -> !Base.has(name))
                .hasSize(2 * 6 + 2)
                .allMatch(name -> name.startsWith("adapters.0.ff") || name.startsWith("ctc."))
                .allMatch(name -> end.optimizer().containsKey("adam.first." + name));
        assertThat(end.optimizer()).hasSize(2 * (2 * 6 + 2));
        assertThat(end.model().get("adapters.0.ff2.up.weight").floats())
                .as("an adapter that learned")
                .isNotEqualTo(half.model().get("adapters.0.ff2.up.weight").floats());
        assertThat(bytes(latest(whole), "model")).isLessThan(bytes(pretrained, "model") / 20);
    }

    @Test
    void aModelOfAdaptersIsReadWhereverItsBaseIsAndIsNotItselfElsewhere() throws IOException {
        Path run = folder.resolve("run");
        Folder own = base(1);
        train(1, 1, run, own);
        Folder adapters = latest(run);
        String digest = Checkpoints.digest(own);
        Path moved = Files.createDirectories(folder.resolve("moved")).resolve(own.name());
        Files.move(Path.of(own.location()), moved);

        assertThatThrownBy(() -> Checkpoints.readModel(adapters))
                .hasMessage(
                        "Cannot read the adapters " + adapters + ": no checkpoint is in " + own + ", expected model "
                                + digest + ", which they are of (it was " + own + "; --base DIR names another place)");
        assertThatThrownBy(() -> Checkpoints.readModel(adapters, Optional.of(pretrained)))
                .hasMessage("Cannot read the adapters " + adapters + ": " + pretrained + " is model "
                        + Checkpoints.digest(pretrained) + ", expected model " + digest
                        + ", which they are of (it was " + own + "; --base DIR names another place)");
        Checkpoint read = Checkpoints.readModel(adapters, Optional.of(Folder.of(moved)));
        assertThat(read.model()).containsKeys("encoder.blocks.0.ff1.linear1.weight", "adapters.0.ff1.down.weight");
        assertThat(read.model()).doesNotContainKey("heads.0.weight");

        // What goes on from adapters has their base, as it was found; whole models have none.
        Optional<Folder> elsewhere = Optional.of(Folder.of(moved.getParent()));
        try (Device device = DeviceRequest.of("cpu").withThreads(1).open()) {
            Start start = Start.of(Optional.empty(), Optional.of(adapters), elsewhere);
            try (Trainer more = trainer(device, ctc(4), config(FROZEN), start)) {
                Checkpoint again = more.checkpoint(Map.of());
                assertThat(again.meta().base()).contains(new Base(digest, Folder.of(moved)));
                assertThat(again.model().get("adapters.0.ff1.up.weight").floats())
                        .isEqualTo(read.model().get("adapters.0.ff1.up.weight").floats());
            }
            try (Trainer all = trainer(device, ctc(4), config(Map.of()), start)) {
                Checkpoint whole = all.checkpoint(Map.of());
                assertThat(whole.meta().base()).isEmpty();
                Folder step = Checkpoints.write(Folder.of(folder.resolve("all")), whole);
                assertThat(Start.of(Optional.of(step), Optional.of(adapters), elsewhere))
                        .isInstanceOf(Start.Resume.class);
            }
        }
    }

    private static long bytes(Folder step, String prefix) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(step.location()))) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .filter(file -> file.toString().endsWith(".safetensors"))
                    .mapToLong(AdaptersTest::size)
                    .sum();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Folder latest(Path run) {
        return Checkpoints.latest(Folder.of(run)).orElseThrow();
    }

    private static void train(int ranks, int passes, Path run) {
        train(ranks, passes, run, pretrained);
    }

    private static void train(int ranks, int passes, Path run, Folder base) {
        TrainConfig config = config(Map.of("freeze", "encoder.**", "passes", Integer.toString(passes), "parts", "2"));
        Start start = Start.of(Checkpoints.latest(Folder.of(run)), Optional.of(base));
        RankThreads.onDevices(DeviceRequest.of("cpu").withThreads(1), ranks, device -> {
            try (Trainer trainer = trainer(device, ctc(4), config, start)) {
                trainer.run(Folder.of(run), "test", Map.of(), report -> {});
                return trainer.step();
            }
        });
    }

    private static Trainer trainer(Device device, Objective objective, TrainConfig config, Start start) {
        BatchSource source = SOURCE.source(config.bucketTable(), objective);
        return Trainer.open(device, objective, source, config, start);
    }

    private static TrainConfig config(Map<String, String> settings) {
        Map<String, String> all =
                new HashMap<>(Map.of("buckets", "80", "batch-seconds", "3.2", "warmup-steps", "1", "hold-share", "1"));
        all.putAll(settings);
        return ConfigBinder.bind(TrainConfig.class, all, TrainConfig.DEFAULTS);
    }
}
