package io.glossa.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLocksTest {
    private final FileLocks locks = new FileLocks();

    @TempDir
    Path folder;

    @Test
    void theLockIsTheOperatingSystems() throws Exception {
        assertThat(locks.acquire(version(1), "a")).isTrue();
        try (FileChannel other = FileChannel.open(folder.resolve("commit.lock"), StandardOpenOption.WRITE)) {
            assertThatThrownBy(other::tryLock).isInstanceOf(OverlappingFileLockException.class);
            assertThat(locks.release(version(1), "a")).isTrue();
            assertThat(other.tryLock()).isNotNull();
        }
    }

    @Test
    void aThreadWaitsForAnotherEvenForTheNextVersion() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            locks.acquire(version(1), "a");
            Future<Boolean> next = thread.submit(() -> new FileLocks().acquire(version(2), "b"));
            assertThatThrownBy(() -> next.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            locks.release(version(1), "a");
            assertThat(next.get()).isTrue();
            assertThat(locks.release(version(2), "b")).isTrue();
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void localLakesCommitUnderIt() {
        try (Lake lake = Lake.open(LakeConfig.local(folder))) {
            lake.table(LakeTable.REJECTS);
            assertThat(folder.resolve("glossa/rejects/metadata/commit.lock")).exists();
            assertThat(lake.sparkConf()).containsValue(FileLocks.class.getName());
        }
    }

    private String version(int number) {
        return "file:" + folder + "/v" + number + ".metadata.json";
    }
}
