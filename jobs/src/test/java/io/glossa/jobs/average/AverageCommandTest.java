package io.glossa.jobs.average;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.jobs.cli.Commands;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.checkpoint.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AverageCommandTest {
    @TempDir
    Path folder;

    @Test
    void writesTheMeanOfAsManyAsWereAskedForOrNothing() throws IOException {
        Folder run = Folder.of(folder.resolve("run"));
        Folder out = Folder.of(folder.resolve("out"));
        for (int step = 1; step <= 3; step++) {
            CheckpointMeta meta = new CheckpointMeta(step, "ctc", Map.of(), Map.of(), Map.of(), Map.of());
            Checkpoints.write(
                    run, new Checkpoint(step, Map.of("w", Tensor.of(new float[] {step * step}, 1)), Map.of(), meta));
        }
        assertThat(average("--last", "4", "--out", out.location())).isEqualTo(2);
        assertThat(average("--last", "2", "--out", run.location())).isEqualTo(2);
        assertThat(Checkpoints.latest(out)).isEmpty();
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("run"));
        assertThat(average("--last", "2", "--out", link.toString())).isEqualTo(2);
        assertThat(Checkpoints.read(run.resolve("step-00000003")).meta().lineage())
                .isEmpty();
        assertThat(average("--last", "3", "--out", out.location())).isZero();
        assertThat(average("--last", "2", "--out", out.location()))
                .as("over another average")
                .isZero();

        Checkpoint mean = Checkpoints.read(Checkpoints.latest(out).orElseThrow());
        assertThat(mean.step()).isEqualTo(3);
        assertThat(mean.model().get("w").floats()).containsExactly(6.5f);
        assertThat(mean.meta().lineage()).containsKeys("glossa.parents", "glossa.code-version");
    }

    private int average(String... more) {
        String[] args = new String[more.length + 2];
        args[0] = "--model";
        args[1] = folder.resolve("run").toString();
        System.arraycopy(more, 0, args, 2, more.length);
        return Commands.run(new AverageCommand(), args);
    }
}
