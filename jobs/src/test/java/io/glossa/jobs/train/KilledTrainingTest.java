package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.jobs.GlossaProcess;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.checkpoint.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fine-tuning in a process of its own, which is killed in the middle, against one that is left alone. */
class KilledTrainingTest {
    private static final int CHECKPOINT_STEPS = 50;
    private static final Map<String, String> SETTINGS =
            TinyLake.settings("passes", "200", "checkpoint-steps", Integer.toString(CHECKPOINT_STEPS));

    @TempDir
    Path folder;

    @Test
    void goesOnToTheSameBits() throws Exception {
        Path root = folder.resolve("lake");
        Folder killed = Folder.of(folder.resolve("killed"));
        Folder whole = Folder.of(folder.resolve("whole"));
        try (Lake lake = Lake.open(LakeConfig.local(root))) {
            try (Session session = Session.open("test", lake)) {
                TinyLake.fill(session.spark(), lake);
                FinetuneConfig config = FinetuneConfig.of("xs", SETTINGS, List.of("train"), whole);
                FinetuneJob.run(config.on(new Machine("cpu", 1, 1, 0, "")), lake, session.spark());
            }
        }

        Process first = start(root, killed);
        while (first.isAlive() && Checkpoints.latest(killed).isEmpty()) {
            Thread.sleep(2);
        }
        first.destroyForcibly().waitFor();
        long stopped =
                Checkpoints.meta(Checkpoints.latest(killed).orElseThrow()).step();
        Checkpoint expected = Checkpoints.read(Checkpoints.latest(whole).orElseThrow());
        assertThat(stopped).as("steps when killed").isPositive().isLessThan(expected.step());

        Process second = start(root, killed);
        assertThat(second.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(second.exitValue()).as(said()).isZero();
        assertThat(said()).contains("resumed from step");

        Checkpoint found = Checkpoints.read(Checkpoints.latest(killed).orElseThrow());
        assertThat(found.step()).isEqualTo(expected.step());
        same(found.model(), expected.model());
        same(found.optimizer(), expected.optimizer());
        assertThat(MetricsFile.read(killed))
                .extracting(MetricsLine::step)
                .isEqualTo(
                        MetricsFile.read(whole).stream().map(MetricsLine::step).toList());
    }

    private Process start(Path root, Folder out) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("submit", "finetune", "--lake", root.toString(), "--out", out.toString(), "--threads", "1"));
        SETTINGS.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        return GlossaProcess.start(folder.resolve("said"), arguments);
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("said"));
    }

    private static void same(Map<String, Tensor> found, Map<String, Tensor> expected) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach(
                (name, tensor) -> assertThat(found.get(name).data()).as(name).isEqualTo(tensor.data()));
    }
}
