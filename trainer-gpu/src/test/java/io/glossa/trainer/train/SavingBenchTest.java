package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.trainer.autograd.Sharding;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavingBenchTest {
    private static final TrainBench.Config CONFIG =
            new TrainBench.Config("cpu", "bestrq", "xs", "fp32", 1, 2, 2, 5, Long.MAX_VALUE, Sharding.NONE, Map.of());

    @TempDir
    Path folder;

    @Test
    @Tag("slow")
    void checkpointsAreWrittenBesideTheStepsOfOneHalf() {
        Folder run = Folder.of(folder.resolve("run"));
        try (SavingBench bench = new SavingBench(CONFIG, 2, run, folder)) {
            SavingBench.Round round = bench.round();
            assertThat(round.without()).hasSize(5).allMatch(seconds -> seconds > 0);
            assertThat(round.saving()).hasSize(5).allMatch(seconds -> seconds > 0);
            assertThat(Checkpoints.finished(run)).containsExactly(run.resolve("step-00000011"));
        }
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void refusesARoundWithoutACheckpoint() {
        assertThatThrownBy(() -> new SavingBench(CONFIG, 5, Folder.of(folder), folder))
                .hasMessage(
                        "Cannot measure checkpoints every 5 steps in 5 steps, expected at least 1, and fewer than all"
                                + " steps");
    }
}
