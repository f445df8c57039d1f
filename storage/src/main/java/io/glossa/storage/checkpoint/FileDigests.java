package io.glossa.storage.checkpoint;

import io.glossa.config.Sha256;
import io.glossa.storage.Folder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
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

    private record Identity(String file, Folder.Version version) {
        static Identity of(Folder folder, String name) throws IOException {
            String file = folder.file(name);
            return new Identity(file, folder.version(name).orElseThrow(() -> new FileNotFoundException(file)));
        }

        boolean isSettled() {
            return System.currentTimeMillis() - version.changedMillis() > SETTLED_MILLIS;
        }
    }

    /** The digest of a file, hex, read only where it was not read before or was written since. */
    static String remembered(Folder folder, String name) throws IOException {
        Identity identity = Identity.of(folder, name);
        String known = REMEMBERED.get(identity);
        if (known != null) {
            return known;
        }
        String digest = sha256(folder, name);
        if (identity.isSettled() && identity.equals(Identity.of(folder, name))) {
            REMEMBERED.put(identity, digest);
        }
        return digest;
    }

    /** The digest of a file, hex, read from its first byte to its last. */
    static String sha256(Folder folder, String name) throws IOException {
        try (InputStream in = folder.open(name)) {
            return Sha256.of(in);
        }
    }
}
