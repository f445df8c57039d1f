package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.config.ConfigBinder;
import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.checkpoint.Tensor;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Synthetic;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.runtime.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training while checkpoints are written to a file system that takes its time. */
class SaverTest {
    private static final ModelConfig MODEL =
            new ModelConfig(1, 8, 2, 12, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4);
    private static final BestRqConfig MASKS = new BestRqConfig(2, 16, 4, 0.6, 0.06, 4, 0.1);
    private static final Synthetic SOURCE = new Synthetic(41, 24, 80, 3, 1);
    private static final TrainConfig CONFIG = ConfigBinder.bind(
            TrainConfig.class,
            Map.of("passes", "2", "checkpoint-steps", "2", "batch-seconds", "8", "keep-last", "2"),
            TrainConfig.DEFAULTS);
    private static final int FILES = 4;

    @TempDir
    Path path;

    private Folder run;

    @BeforeEach
    void hold() {
        run = new Folder("held:" + path);
        HeldFiles.MAY_BEGIN.drainPermits();
        HeldFiles.tooMany = null;
    }

    @Test
    void stepsGoOnWhileACheckpointIsWrittenAndTheEndWaitsForTheLast() {
        List<Checkpoint> then = new ArrayList<>();
        try (Device device = DeviceRequest.of("cpu").open();
                Trainer trainer = open(device)) {
            trainer.run(run, "first", Map.of("run", "r1"), report -> {
                then.add(trainer.checkpoint(Map.of()));
                if (report.step() == 3) {
                    assertThat(Checkpoints.latest(run)).as("the writer waits").isEmpty();
                    HeldFiles.MAY_BEGIN.release(FILES);
                }
                if (report.step() == 4) {
                    HeldFiles.MAY_BEGIN.release(100 * FILES);
                }
                if (report.step() == 5) {
                    assertThat(Checkpoints.latest(run))
                            .as("the second checkpoint waited for the first")
                            .isPresent();
                }
            });
            assertThat(trainer.step()).isEqualTo(trainer.totalSteps()).isGreaterThan(5);
        }
        Checkpoint last = Checkpoints.read(Checkpoints.latest(run).orElseThrow());
        assertThat(last.step()).isEqualTo(then.size());
        assertThat(last.meta().lineage()).containsEntry("run", "r1");
        requireSame(last, then.get(then.size() - 1));
        List<Folder> kept = kept(last.step());
        assertThat(kept).hasSize(2);
        Checkpoint before = Checkpoints.read(kept.get(1));
        requireSame(before, then.get((int) before.step() - 1));
    }

    @Test
    void whatCannotBeWrittenEndsTheTrainingAndLeavesTheCheckpointBefore() {
        List<Long> steps = new ArrayList<>();
        HeldFiles.MAY_BEGIN.release(100 * FILES);
        HeldFiles.tooMany = "step-00000004/checkpoint.json";
        try (Device device = DeviceRequest.of("cpu").open();
                Trainer trainer = open(device)) {
            assertThatThrownBy(() -> trainer.run(run, "first", Map.of(), report -> steps.add(report.step())))
                    .isInstanceOfSatisfying(
                            GlossaException.class,
                            error -> assertThat(error.type()).isEqualTo(ErrorType.RESOURCE))
                    .hasMessage(
                            "Cannot write checkpoint " + run + "/step-00000004: java.io.IOException: no space left");
        }
        assertThat(steps.size()).as("it need not be the very next step").isBetween(4, 6);
        assertThat(Checkpoints.latest(run)).contains(run.resolve("step-00000002"));
    }

    private List<Folder> kept(long last) {
        List<Folder> kept = new ArrayList<>();
        for (long step = last; step > 0; step--) {
            Folder folder = run.resolve("step-0000000" + step);
            if (path.resolve(folder.name()).toFile().exists()) {
                kept.add(folder);
            }
        }
        return kept;
    }

    private static void requireSame(Checkpoint found, Checkpoint expected) {
        requireSame(found.model(), expected.model());
        requireSame(found.optimizer(), expected.optimizer());
    }

    private static void requireSame(Map<String, Tensor> found, Map<String, Tensor> expected) {
        assertThat(found).containsOnlyKeys(expected.keySet());
        expected.forEach(
                (name, tensor) -> assertThat(found.get(name).data()).as(name).isEqualTo(tensor.data()));
    }

    private static Trainer open(Device device) {
        BestRq objective = new BestRq(MODEL, MASKS);
        BatchSource source = SOURCE.source(CONFIG.bucketTable(), objective);
        return Trainer.open(device, objective, source, CONFIG, new Start.Fresh());
    }
}
