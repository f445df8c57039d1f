package io.glossa.jobs.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** Where the libraries' warnings go: on a cluster wherever it says, else to a file, off the screen. */
public final class Logging {
    private static final String CONFIGURATION = "log4j2.configurationFile";

    private Logging() {}

    /**
     * Sends warnings to this file, unless this JVM was told already; to be called before anything logs. Where it cannot be
     * written they go to one in the folder for temporary files, and where that cannot either, nowhere.
     */
    public static void toFile(Path file) {
        if (System.getProperty(CONFIGURATION) == null && !Session.isSubmitted()) {
            Path other = Path.of(
                    System.getProperty("java.io.tmpdir"),
                    "glossa-" + ProcessHandle.current().pid() + ".log");
            Stream.of(file.toAbsolutePath(), other)
                    .filter(Logging::canWrite)
                    .findFirst()
                    .ifPresent(log -> System.setProperty("glossa.log", log.toString()));
            System.setProperty(CONFIGURATION, "classpath:glossa-log4j2.properties");
        }
    }

    private static boolean canWrite(Path file) {
        try {
            Files.createDirectories(file.getParent());
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
