package io.glossa.featurize.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Writes tar files. */
public final class TestTar {
    private TestTar() {}

    /** Of names and contents in turn, which are bytes or text. */
    public static Path write(Path file, Object... members) throws IOException {
        Files.createDirectories(file.getParent());
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(file), "UTF-8")) {
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            out.setAddPaxHeadersForNonAsciiNames(true);
            for (int i = 0; i < members.length; i += 2) {
                byte[] bytes = members[i + 1] instanceof byte[] audio
                        ? audio
                        : ((String) members[i + 1]).getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry((String) members[i]);
                entry.setSize(bytes.length);
                out.putArchiveEntry(entry);
                out.write(bytes);
                out.closeArchiveEntry();
            }
        }
        return file;
    }
}
