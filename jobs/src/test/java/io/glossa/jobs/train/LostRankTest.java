package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.jobs.heartbeat.Recovery;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors that are killed and that are frozen while two ranks train. */
class LostRankTest {
    private static final int CHECKPOINT_STEPS = 200;

    @TempDir
    Path folder;

    /** The rank that is left ends too, both go on from the last checkpoint, and nobody can tell by what comes of it. */
    @Test
    @Tag("slow")
    void trainingGoesOnAndEndsInTheSameBits() throws Exception {
        Path data = folder.resolve("lake");
        try (Lake lake = Lake.open(LakeConfig.local(data));
                Session session = Session.open("test", lake)) {
            TinyLake.fill(session.spark(), lake);
        }
        Process undisturbed = pretrain(data, "whole");
        requireDone(undisturbed);
        Process disturbed = pretrain(data, "broken");
        Folder run = Folder.of(data.resolve("models/broken"));

        awaitNewCheckpoint(disturbed, run, 0);
        signal("KILL", executor(disturbed));
        awaitNewCheckpoint(disturbed, run, step(run));
        signal("STOP", executor(disturbed));
        requireDone(disturbed);

        Recovery.read(run).forEach(System.out::println);
        assertThat(said()).contains("pretrain stopped: ", "going on from step ", "pretrain trains again, on 2 ranks, ");
        assertThat(Recovery.read(run)).as(said()).hasSize(2).allSatisfy(recovery -> {
            assertThat(recovery.cause()).contains("rank ", " on ", " (executor ");
            assertThat(recovery.repeatedSteps()).isBetween(0L, 2L * CHECKPOINT_STEPS);
            assertThat(recovery.ranks()).isEqualTo(2);
        });
        assertThat(Recovery.read(run).get(1).cause()).contains("was not heard for");
        assertThat(Recovery.read(run).get(1).noticedSeconds()).isBetween(8.0, 15.0);
        Checkpoint found = Checkpoints.read(Checkpoints.latest(run).orElseThrow());
        Checkpoint expected = Checkpoints.read(
                Checkpoints.latest(Folder.of(data.resolve("models/whole"))).orElseThrow());
        assertThat(found.step()).isEqualTo(expected.step());
        assertThat(found.model().keySet()).isEqualTo(expected.model().keySet());
        expected.model()
                .forEach((name, tensor) ->
                        assertThat(found.model().get(name).data()).as(name).isEqualTo(tensor.data()));
    }

    private Process pretrain(Path data, String name) throws IOException {
        Map<String, String> settings = TinyLake.pretraining(
                "passes",
                "1200",
                "parts",
                "2",
                "batch-seconds",
                "1.6",
                "checkpoint-steps",
                Integer.toString(CHECKPOINT_STEPS));
        return TwoExecutors.pretrain(folder, data, settings, List.of(), List.of("--name", name));
    }

    private static void awaitNewCheckpoint(Process process, Folder run, long after) throws InterruptedException {
        while (process.isAlive() && step(run) <= after) {
            Thread.sleep(20);
        }
    }

    private static long step(Folder run) {
        return Checkpoints.latest(run)
                .map(checkpoint -> Checkpoints.meta(checkpoint).step())
                .orElse(0L);
    }

    private static ProcessHandle executor(Process driver) {
        return driver.descendants()
                .filter(child -> child.info().command().orElse("").endsWith("java"))
                .findFirst()
                .orElseThrow();
    }

    private static void signal(String name, ProcessHandle process) throws Exception {
        Process kill = new ProcessBuilder("bash", "-c", "kill -" + name + " " + process.pid()).start();
        assertThat(kill.waitFor()).isZero();
    }

    private void requireDone(Process process) throws Exception {
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).as(said()).isTrue();
        assertThat(process.exitValue()).as(said()).isZero();
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("said"));
    }
}
