package io.glossa.storage.checkpoint;

import io.glossa.config.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * SHA-256 of files. A model's file has gigabytes and is asked for by a job's driver, its tasks and its lineage, so a process
 * remembers what it has digested, for as long as the file is the same one, of the same length and time of change.
 */
final class FileDigests {
    /** What was written as lately as this may be written again within one tick of the clock that stamps files. */
    private static final long SETTLED_MILLIS = 2000;

    private static final Map<Identity, String> REMEMBERED = new ConcurrentHashMap<>();

    private FileDigests() {}

    private record Identity(Path file, Object key, long bytes, FileTime changed) {
        static Identity of(Path file) throws IOException {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new Identity(file.toAbsolutePath(), now.fileKey(), now.size(), now.lastModifiedTime());
        }

        boolean isSettled() {
            return System.currentTimeMillis() - changed.toMillis() > SETTLED_MILLIS;
        }
    }

    /** The digest of a file, hex, read only where it was not read before or was written since. */
    static String remembered(Path file) throws IOException {
        Identity identity = Identity.of(file);
        String known = REMEMBERED.get(identity);
        if (known != null) {
            return known;
        }
        String digest = sha256(file);
        if (identity.isSettled() && identity.equals(Identity.of(file))) {
            REMEMBERED.put(identity, digest);
        }
        return digest;
    }

    /** The digest of a file, hex, read from its first byte to its last. */
    static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Sha256.of(in);
        }
    }
}
