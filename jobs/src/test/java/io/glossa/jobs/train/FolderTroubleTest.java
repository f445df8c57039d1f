package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.checkpoint.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training into a file system of its own that becomes full, or read-only. */
class FolderTroubleTest {
    @TempDir
    Path folder;

    private Path mounted;

    private void mount(String size) throws IOException {
        mounted = Files.createDirectories(folder.resolve("mounted"));
        assumeTrue(
                does("mount -t tmpfs -o size=" + size + " glossa-test " + mounted),
                "a file system of its own needs root's mount");
    }

    @AfterEach
    void unmount() {
        does("umount -l " + mounted); // a mapped file keeps it busy
    }

    @Test
    void aFullFileSystemIsOneErrorAndTheLastCheckpointIsWhole() throws IOException {
        mount("1m");
        Folder run = Folder.of(mounted.resolve("run"));
        requireOneError(run, "2", "1000", "No space left on device");
        assertThat(Checkpoints.latest(run)).isPresent();
    }

    @Test
    void aFileSystemThatBecomesReadOnlyIsOneErrorAndTheLastCheckpointIsWhole() throws IOException {
        mount("256m");
        Folder run = Folder.of(mounted.resolve("run"));
        CompletableFuture<Void> change = CompletableFuture.runAsync(() -> {
            while (Checkpoints.latest(run).isEmpty() || !does("mount -o remount,ro " + mounted)) {
                LockSupport.parkNanos(10_000_000);
            }
        });
        requireOneError(run, "100", "2", "Read-only file system");
        change.join();
        assertThat(Checkpoints.latest(run)).isPresent();
    }

    private void requireOneError(Folder run, String steps, String kept, String cause) {
        Map<String, String> settings =
                TinyLake.pretraining("passes", "100000", "checkpoint-steps", steps, "keep-last", kept);
        try (Lake lake = Lake.open(LakeConfig.local(folder.resolve("lake")));
                Session session = Session.open("test", lake)) {
            TinyLake.fill(session.spark(), lake);
            PretrainConfig config =
                    PretrainConfig.of("xs", settings, List.of("train"), run).on(new Machine("cpu", 1, 1, 0, ""));
            assertThatThrownBy(() -> PretrainJob.run(config, lake, session.spark()))
                    .isInstanceOfSatisfying(
                            GlossaException.class,
                            error -> assertThat(error.type()).isEqualTo(ErrorType.RESOURCE))
                    .hasMessageStartingWith("Cannot write ")
                    .hasMessageContaining(run.location())
                    .hasMessageContaining(cause);
        }
    }

    private static boolean does(String command) {
        try {
            return new ProcessBuilder("bash", "-c", command + " 2>/dev/null")
                            .start()
                            .waitFor()
                    == 0;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
