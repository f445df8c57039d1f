package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.glossa.config.ConfigBinder;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.data.Synthetic;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.runtime.Communicator;
import io.glossa.trainer.runtime.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several devices that train one model, each on its part of every batch. */
class RanksTest {
    private static final int STEPS = 3;
    private static final BatchSource SOURCE = new Synthetic(41, 32, 80, 3, 1);
    private static final Ctc OBJECTIVE =
            new Ctc(new ModelConfig(1, 8, 2, 12, 3, 6, Synthetic.MELS, 4), SymbolTable.ofText("abc"), true);

    @TempDir
    Path folder;

    /** What a rank saw, and what it ended with. */
    private record Run(List<Map<String, Double>> metrics, Checkpoint end) {}

    @Test
    void twoRanksTrainAsOneDoesOnTheWholeBatch() {
        String id = DeviceRequest.of("emit-only").communicatorId();
        CompletableFuture<Run> first =
                CompletableFuture.supplyAsync(() -> run(new Communicator(new Rank(0, 2), id), 4));
        CompletableFuture<Run> second =
                CompletableFuture.supplyAsync(() -> run(new Communicator(new Rank(1, 2), id), 4));
        Run alone = run(Communicator.NONE, 8);

        assertThat(first.join().metrics()).isEqualTo(second.join().metrics()).hasSize(STEPS);
        first.join()
                .end()
                .model()
                .forEach((name, tensor) -> assertThat(
                                second.join().end().model().get(name).floats())
                        .as(name)
                        .isEqualTo(tensor.floats()));
        for (String metric : List.of("loss", "gradient-norm")) {
            double whole = alone.metrics().get(0).get(metric);
            assertThat(first.join().metrics().get(0).get(metric)).as(metric).isCloseTo(whole, within(1e-4 * whole));
        }
    }

    @Test
    void onlyTheFirstRankWritesCheckpoints() {
        String id = DeviceRequest.of("emit-only").communicatorId();
        List<CompletableFuture<Void>> ranks = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Communicator communicator = new Communicator(new Rank(i, 2), id);
            Path own = folder.resolve("rank" + i);
            ranks.add(CompletableFuture.runAsync(() -> {
                try (Device device = DeviceRequest.of("emit-only").open(communicator);
                        Trainer trainer = open(device, 40)) {
                    trainer.run(own, Map.of(), report -> {});
                }
            }));
        }
        ranks.forEach(CompletableFuture::join);

        assertThat(Checkpoints.latest(folder.resolve("rank0"))).isPresent();
        assertThat(Checkpoints.latest(folder.resolve("rank1"))).isEmpty();
    }

    @Test
    void processorsDoNotTrainTogether() {
        assertThatThrownBy(() -> DeviceRequest.of("cpu").open(new Communicator(new Rank(0, 2), "id")))
                .hasMessage("Cannot train on 2 devices 'cpu' together, expected cuda");
    }

    private static Run run(Communicator ranks, int batchSeconds) {
        List<Map<String, Double>> metrics = new ArrayList<>();
        try (Device device = DeviceRequest.of("emit-only").open(ranks);
                Trainer trainer = open(device, batchSeconds)) {
            trainer.run(STEPS, report -> metrics.add(report.metrics()));
            return new Run(metrics, trainer.checkpoint(Map.of()));
        }
    }

    private static Trainer open(Device device, int batchSeconds) {
        TrainConfig config = ConfigBinder.bind(
                TrainConfig.class,
                Map.of("passes", "1", "buckets", "80", "batch-seconds", String.valueOf(batchSeconds)),
                TrainConfig.DEFAULTS);
        return Trainer.open(device, OBJECTIVE, SOURCE, config, Start.in(Path.of("none"), Optional.empty()));
    }
}
