package io.glossa.trainer.runtime.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.slf4j.LoggerFactory;

/** Files that nobody wants any more. */
public final class Leftovers {
    private Leftovers() {}

    /** A file, or a folder with all in it, if it is there; what cannot be deleted is left and said. */
    public static void delete(Path leftover) {
        if (leftover == null || !Files.exists(leftover)) {
            return;
        }
        try (var files = Files.walk(leftover)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LoggerFactory.getLogger(Leftovers.class).warn("Left {} behind: {}", leftover, e.getMessage());
        }
    }
}
