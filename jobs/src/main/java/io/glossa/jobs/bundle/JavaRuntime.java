package io.glossa.jobs.bundle;

import io.glossa.error.GlossaException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/** A Java runtime with the modules that a bundle's commands need, linked from the JDK that runs this. */
final class JavaRuntime {
    private static final String MODULES = "java.base,java.logging,java.management";

    /** From this version on, jlink names how much it compresses. */
    private static final int NAMED_COMPRESSION = 21;

    /** From this version on, the JVM has to be told that native libraries are wanted. */
    private static final int ASKS_FOR_NATIVE = 24;

    private JavaRuntime() {}

    /** @throws GlossaException of type RESOURCE if this JDK cannot link one */
    static void link(Path folder) {
        int version = Runtime.version().feature();
        String hint = " (apt-get install openjdk-" + version + "-jdk-headless)";
        ToolProvider jlink = ToolProvider.findFirst("jlink")
                .orElseThrow(() -> GlossaException.resource("Cannot link a Java runtime: found no jlink in "
                        + System.getProperty("java.home") + ", expected a JDK that has it" + hint));
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        List<String> options = new ArrayList<>(List.of(
                "--add-modules=" + MODULES,
                "--strip-java-debug-attributes",
                "--no-header-files",
                "--no-man-pages",
                "--compress=" + (version < NAMED_COMPRESSION ? "2" : "zip-9"),
                "--output=" + folder));
        if (version >= ASKS_FOR_NATIVE) {
            options.add("--add-options=--enable-native-access=ALL-UNNAMED");
        }
        int status = jlink.run(out, out, options.toArray(new String[0]));
        if (status != 0) {
            throw GlossaException.resource("Cannot link a Java runtime: jlink of " + System.getProperty("java.home")
                    + " ended with status " + status + " and said: "
                    + said.toString().lines().limit(3).toList() + ", expected a whole JDK with its modules" + hint);
        }
    }
}
