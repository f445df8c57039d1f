package io.glossa.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.apache.iceberg.LockManager;

/**
 * Lets one commit at a time into a table that lies in a folder of this machine. Iceberg's Hadoop catalog looks whether a
 * version is there and then renames its own to it; a local rename replaces what came in between, and that commit would be
 * lost. File systems that refuse such a rename need no lock.
 *
 * <p>The lock is the operating system's on the file {@code commit.lock} beside the versions, so that it ends with the process
 * that held it; processes exclude each other by the lock, threads of one process by a semaphore.
 */
public final class FileLocks implements LockManager {
    private static final Map<Path, Semaphore> THREADS = new ConcurrentHashMap<>();
    private static final Map<Path, FileChannel> HELD = new ConcurrentHashMap<>();

    @Override
    public void initialize(Map<String, String> properties) {}

    /** Waits for the lock of the folder in which this version of a table lies. */
    @Override
    public boolean acquire(String version, String owner) {
        Path file = lockFile(version);
        threads(file).acquireUninterruptibly();
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            HELD.put(file, channel);
            channel.lock();
            return true;
        } catch (IOException e) {
            release(version, owner);
            throw new UncheckedIOException("Cannot lock " + file, e);
        }
    }

    @Override
    public boolean release(String version, String owner) {
        Path file = lockFile(version);
        try (FileChannel channel = HELD.remove(file)) {
            return channel != null;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unlock " + file, e);
        } finally {
            threads(file).release();
        }
    }

    @Override
    public void close() {}

    private static Semaphore threads(Path file) {
        return THREADS.computeIfAbsent(file, key -> new Semaphore(1));
    }

    private static Path lockFile(String version) {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(version);
        return Path.of(path.toUri().getPath()).resolveSibling("commit.lock").normalize();
    }
}
