package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.config.ConfigBinder;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.trainer.data.Synthetic;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device that breaks in mid-step costs the steps since the last checkpoint, and nothing else. */
class LostDeviceTest {
    private static final ModelConfig MODEL =
            new ModelConfig(1, 8, 2, 12, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4);
    private static final BestRqConfig MASKS = new BestRqConfig(2, 16, 4, 0.6, 0.06, 4, 0.1);
    private static final Synthetic SOURCE = new Synthetic(41, 24, 80, 3, 1);
    private static final TrainConfig CONFIG = ConfigBinder.bind(
            TrainConfig.class,
            Map.of("passes", "1", "checkpoint-steps", "2", "batch-seconds", "8"),
            TrainConfig.DEFAULTS);

    @TempDir
    Path folder;

    @Test
    void theLastCheckpointIsWholeAndTrainingGoesOnFromIt() {
        Objective objective = new BestRq(MODEL, MASKS);
        try (Device device = new Fragile(DeviceRequest.of("cpu").open(), 3);
                Trainer trainer = open(device, objective)) {
            assertThatThrownBy(() -> trainer.run(Folder.of(folder), "first", Map.of(), report -> {}))
                    .isInstanceOf(GlossaException.class)
                    .hasMessage("the device is gone");
        }
        Checkpoint last = Checkpoints.read(Checkpoints.latest(Folder.of(folder)).orElseThrow());
        assertThat(last.step()).isEqualTo(2);
        try (Device device = DeviceRequest.of("cpu").open();
                Trainer trainer = open(device, objective)) {
            List<Long> steps = new ArrayList<>();
            trainer.run(1, report -> steps.add(report.step()));
            assertThat(steps).containsExactly(3L);
        }
    }

    private Trainer open(Device device, Objective objective) {
        return Trainer.open(
                device,
                objective,
                SOURCE.source(CONFIG.bucketTable(), objective),
                CONFIG,
                Start.of(Checkpoints.latest(Folder.of(folder)), Optional.empty()));
    }

    /** Another device until a run of this number. */
    private record Fragile(Device device, int last) implements Device {
        @Override
        public String name() {
            return device.name();
        }

        @Override
        public State allocate(Map<String, LazyTensor> values) {
            return device.allocate(values);
        }

        @Override
        public Executable load(String name, Graph graph) {
            Executable program = device.load(name, graph);
            return new Executable() {
                private int runs;

                @Override
                public Map<String, HostTensor> run(State state, Map<String, HostTensor> batch) {
                    if (++runs == last) {
                        throw GlossaException.resource("the device is gone");
                    }
                    return program.run(state, batch);
                }

                @Override
                public long arenaBytes() {
                    return program.arenaBytes();
                }

                @Override
                public void close() {
                    program.close();
                }
            };
        }

        @Override
        public void close() {
            device.close();
        }
    }
}
