package io.glossa.trainer.runtime.host;

import io.glossa.error.GlossaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What /proc/cpuinfo tells of the processor. */
public final class Processor {
    private static final Path INFO = Path.of("/proc/cpuinfo");

    private Processor() {}

    /** Model and instruction set: equal where a library that is built for one runs on the other. */
    public static String features() {
        try (Stream<String> lines = Files.lines(INFO)) {
            return lines.filter(line -> line.startsWith("flags") || line.startsWith("model"))
                    .distinct()
                    .collect(Collectors.joining());
        } catch (IOException e) {
            throw GlossaException.resource("Cannot read " + INFO + ": " + e.getMessage() + ", expected Linux")
                    .causedBy(e);
        }
    }

    /** Whether one of these features multiplies in BF16. */
    public static boolean hasBf16(String features) {
        return features.contains(" avx512_bf16") || features.contains(" amx_bf16");
    }
}
