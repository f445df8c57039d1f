package io.glossa.trainer.runtime.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * What a toolchain depends on beside its cache.
 *
 * @param compiler program to start
 * @param limit how long it may take
 * @param processor tells processors with different instructions apart
 * @param flags of every build
 * @param warnings takes one line for each thing in the cache that was damaged
 * @param version of the compiler that made what is in the cache, where this machine makes nothing; empty: its own does
 */
public record BuildSetup(
        String compiler,
        Duration limit,
        String processor,
        List<String> flags,
        Consumer<String> warnings,
        Optional<String> version) {
    private static final String NATIVE = "-march=native";

    /**
     * Fast loops for the processor that they are built on. A library calls its own copy of an inline function, not that of one
     * that was loaded before it, which may be of another version.
     */
    private static final List<String> FAST = List.of(
            "-std=c++17",
            "-O3",
            NATIVE,
            "-fopenmp",
            "-fPIC",
            "-shared",
            "-Wl,-Bsymbolic",
            "-fno-gnu-unique",
            "-fno-math-errno",
            "-fno-trapping-math",
            "-ffp-contract=fast",
            "-w");

    /** The compiler that CXX names, else c++, for this machine's processor. */
    public static BuildSetup ofEnvironment() {
        String set = System.getenv("CXX");
        return new BuildSetup(
                set == null || set.isBlank() ? "c++" : set,
                Duration.ofMinutes(10),
                Processor.features(),
                FAST,
                BuildSetup::warn,
                Optional.empty());
    }

    /** A command of the compiler: CXX may have options, or another program before it, as in "ccache g++ -m64". */
    List<String> command(String... arguments) {
        return Stream.concat(words().stream(), Stream.of(arguments)).toList();
    }

    /** The program's name with what was said beside it; a path with blanks in it is one word. */
    private List<String> words() {
        return Files.isExecutable(Path.of(compiler))
                ? List.of(compiler)
                : List.of(compiler.strip().split("\\s+"));
    }

    /** The logger is looked for only now: finding one takes as long as all else that opens a device. */
    private static void warn(String message) {
        LoggerFactory.getLogger(Toolchain.class).warn(message);
    }

    BuildSetup withCompiler(String other) {
        return new BuildSetup(other, limit, processor, flags, warnings, version);
    }

    BuildSetup withLimit(Duration other) {
        return new BuildSetup(compiler, other, processor, flags, warnings, version);
    }

    public BuildSetup withProcessor(String other) {
        return new BuildSetup(compiler, limit, other, flags, warnings, version);
    }

    /** With flags after those of every build. */
    public BuildSetup withMore(List<String> more) {
        return withFlags(Stream.concat(flags.stream(), more.stream()).toList());
    }

    public BuildSetup withWarnings(Consumer<String> other) {
        return new BuildSetup(compiler, limit, processor, flags, other, version);
    }

    /**
     * For any processor of a level such as x86-64-v3 instead of this machine's; without LZCNT, which virtual machines are known
     * to hide, and which a processor without it takes for another instruction.
     */
    BuildSetup withLevel(String level) {
        List<String> other = flags.stream()
                .flatMap(flag -> flag.equals(NATIVE) ? Stream.of("-march=" + level, "-mno-lzcnt") : Stream.of(flag))
                .toList();
        return withFlags(other).withProcessor(level);
    }

    BuildSetup withVersion(Optional<String> other) {
        return new BuildSetup(compiler, limit, processor, flags, warnings, other);
    }

    /** Other flags in place of those of every build. */
    public BuildSetup withFlags(List<String> other) {
        return new BuildSetup(compiler, limit, processor, other, warnings, version);
    }
}
