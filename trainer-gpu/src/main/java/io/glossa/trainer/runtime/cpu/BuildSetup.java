package io.glossa.trainer.runtime.cpu;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * What a toolchain depends on beside its cache.
 *
 * @param compiler program to start
 * @param limit how long it may take
 * @param processor tells processors with different instructions apart
 * @param more flags after those of every build
 * @param warnings takes one line for each thing in the cache that was damaged
 */
record BuildSetup(String compiler, Duration limit, String processor, List<String> more, Consumer<String> warnings) {
    /** The compiler that CXX names, else c++, for this machine's processor. */
    static BuildSetup ofEnvironment() {
        String set = System.getenv("CXX");
        return new BuildSetup(
                set == null || set.isBlank() ? "c++" : set,
                Duration.ofMinutes(10),
                Processor.features(),
                List.of(),
                BuildSetup::warn);
    }

    /** The logger is looked for only now: finding one takes as long as all else that opens a device. */
    private static void warn(String message) {
        LoggerFactory.getLogger(Toolchain.class).warn(message);
    }

    BuildSetup withCompiler(String other) {
        return new BuildSetup(other, limit, processor, more, warnings);
    }

    BuildSetup withLimit(Duration other) {
        return new BuildSetup(compiler, other, processor, more, warnings);
    }

    BuildSetup withProcessor(String other) {
        return new BuildSetup(compiler, limit, other, more, warnings);
    }

    BuildSetup withFlags(List<String> other) {
        return new BuildSetup(compiler, limit, processor, other, warnings);
    }

    BuildSetup withWarnings(Consumer<String> other) {
        return new BuildSetup(compiler, limit, processor, more, other);
    }
}
