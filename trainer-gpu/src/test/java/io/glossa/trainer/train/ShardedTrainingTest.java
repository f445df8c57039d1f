package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.glossa.config.ConfigBinder;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Synthetic;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.ranks.RankThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A training whose ranks have parts of the optimizer's state, and of parameters: its checkpoints, and who goes on with them. */
class ShardedTrainingTest {
    private static final Synthetic UTTERANCES = new Synthetic(24, 29, 80, 3, 1);
    private static final ModelConfig MODEL =
            new ModelConfig(1, 64, 2, 4100, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4);

    /** The weights of its head and its feed-forward layers are large. */
    private static final BestRq OBJECTIVE = new BestRq(MODEL, new BestRqConfig(1, 4200, 4, 0.7, 0.1, 3, 0.1));

    @TempDir
    Path folder;

    /** With one part for each rank, and with more, of which some ranks have one less. */
    @ParameterizedTest
    @CsvSource({"2,2", "2,3", "4,5"})
    void aCheckpointInPartsHasTheBitsOfOneThatIsWhole(int ranks, int parts) {
        train(ranks, "none", parts, 2, folder.resolve("none"));
        train(ranks, "optimizer", parts, 2, folder.resolve("optimizer"));
        train(ranks, "parameters", parts, 2, folder.resolve("parameters"));

        assertSame(read(folder.resolve("none")), read(folder.resolve("optimizer")));
        assertSame(read(folder.resolve("none")), read(folder.resolve("parameters")));
        assertThat(Set.of("none", "optimizer", "parameters").stream().map(this::digest))
                .as("a model's name does not say who wrote it")
                .containsOnly(digest("none"));
    }

    private String digest(String run) {
        return Checkpoints.digest(
                Checkpoints.latest(Folder.of(folder.resolve(run))).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"optimizer", "parameters"})
    void aTrainingGoesOnInOtherParts(String sharding) {
        List<Double> whole = train(2, sharding, 4, folder.resolve("whole"));
        train(2, sharding, 2, folder.resolve("changed"));
        List<Double> rest = train(3, sharding, 4, folder.resolve("changed"));
        train(2, sharding, 2, folder.resolve("gathered"));
        train(2, "none", 4, folder.resolve("gathered"));

        assertThat(rest).hasSize(2 * whole.size() / 4);
        for (int i = 0; i < rest.size(); i++) {
            assertThat(rest.get(i)).isCloseTo(whole.get(whole.size() - rest.size() + i), withinPercentage(0.01));
        }
        assertSame(read(folder.resolve("whole")), read(folder.resolve("gathered")));
    }

    @Test
    void parametersAreSharedOutFromAWholeCheckpoint() {
        train(2, "none", 4, folder.resolve("whole"));
        train(2, "none", 2, folder.resolve("shared"));
        train(2, "parameters", 4, folder.resolve("shared"));

        assertSame(read(folder.resolve("whole")), read(folder.resolve("shared")));
    }

    @Test
    void aMissingPartIsNamed() throws IOException {
        train(2, "optimizer", 2, folder);
        Path step = Path.of(Checkpoints.latest(Folder.of(folder)).orElseThrow().location());
        try (Stream<Path> files = Files.list(step)) {
            Files.delete(files.filter(file -> file.getFileName().toString().startsWith("optimizer-00002"))
                    .findFirst()
                    .orElseThrow());
        }

        assertThatThrownBy(() -> Checkpoints.read(Folder.of(step)))
                .hasMessageContaining("optimizer-00002-of-00002.safetensors");
    }

    private static void assertSame(Checkpoint expected, Checkpoint found) {
        expected.model()
                .forEach((name, tensor) ->
                        assertThat(found.model().get(name).floats()).as(name).isEqualTo(tensor.floats()));
        expected.optimizer().forEach((name, tensor) -> {
            assertThat(found.optimizer().get(name).shape()).as(name).isEqualTo(tensor.shape());
            assertThat(found.optimizer().get(name).floats()).as(name).isEqualTo(tensor.floats());
        });
    }

    private static Checkpoint read(Path folder) {
        return Checkpoints.read(Checkpoints.latest(Folder.of(folder)).orElseThrow());
    }

    /** The losses of the first rank. */
    private static List<Double> train(int count, String sharding, int passes, Path folder) {
        return train(count, sharding, 2, passes, folder);
    }

    private static List<Double> train(int count, String sharding, int parts, int passes, Path folder) {
        TrainConfig config = ConfigBinder.bind(
                TrainConfig.class,
                new TreeMap<>(Map.of(
                        "passes", Integer.toString(passes),
                        "parts", Integer.toString(parts),
                        "buckets", "80",
                        "batch-seconds", "3.2",
                        "warmup-steps", "0",
                        "hold-share", "1",
                        "sharding", sharding)),
                TrainConfig.DEFAULTS);
        BatchSource source = UTTERANCES.source(config.bucketTable(), OBJECTIVE);
        DeviceRequest request = DeviceRequest.of("cpu").withThreads(1);
        Start start = Start.of(Checkpoints.latest(Folder.of(folder)), Optional.empty());
        return RankThreads.onDevices(request, count, device -> {
                    List<Double> losses = new ArrayList<>();
                    try (Trainer trainer = Trainer.open(device, OBJECTIVE, source, config, start)) {
                        trainer.run(
                                Folder.of(folder),
                                "test",
                                Map.of(),
                                report -> losses.add(report.metrics().get("loss")));
                    }
                    return losses;
                })
                .get(0);
    }
}
