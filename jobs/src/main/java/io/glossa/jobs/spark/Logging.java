package io.glossa.jobs.spark;

import java.nio.file.Path;

/** Where the libraries' warnings go: on a cluster wherever it says, else to a file, off the screen. */
public final class Logging {
    private static final String CONFIGURATION = "log4j2.configurationFile";

    private Logging() {}

    /** Sends warnings to this file, unless this JVM was told already; to be called before anything logs. */
    public static void toFile(Path file) {
        if (System.getProperty(CONFIGURATION) == null && !Session.isSubmitted()) {
            System.setProperty("glossa.log", file.toAbsolutePath().toString());
            System.setProperty(CONFIGURATION, "classpath:glossa-log4j2.properties");
        }
    }
}
