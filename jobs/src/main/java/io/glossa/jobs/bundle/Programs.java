package io.glossa.jobs.bundle;

import io.glossa.error.GlossaException;
import io.glossa.jobs.cli.ChildProcess;
import io.glossa.trainer.runtime.host.Prebuilt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Programs for device {@code cpu}, built by a process that has no more than the bundle has, and a C++ compiler. */
final class Programs {
    private Programs() {}

    /** @param progress takes a line for each part that is built */
    static void build(Path runtime, Path jars, Path folder, Consumer<String> progress) {
        List<String> command = List.of(
                runtime.resolve("bin/java").toString(),
                "-XX:-UsePerfData",
                Prebuilt.making(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                jars + "/*",
                BundledPrograms.class.getName(),
                folder.toString());
        try {
            int status = ChildProcess.run(command, line -> progress.accept("  " + line));
            if (status != 0) {
                throw GlossaException.resource(
                        "Cannot build the bundle's programs: the process that builds them ended with" + " code "
                                + status + ", expected 0 (what it said is above)");
            }
        } catch (IOException e) {
            throw GlossaException.resource("Cannot build the bundle's programs: " + e.getMessage()
                            + ", expected to start the bundle's own Java")
                    .causedBy(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GlossaException.resource("Cannot build the bundle's programs: interrupted")
                    .causedBy(e);
        }
    }
}
