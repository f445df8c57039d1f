package io.glossa.trainer.runtime.host;

import com.sun.jna.NativeLibrary;
import io.glossa.error.GlossaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * The C++ compiler, behind a cache of shared libraries. A library's name is a digest of everything that made it: source,
 * flags, compiler version and the processor's instruction set.
 */
public final class Toolchain {
    /** How libraries in the cache are written; part of their names. */
    private static final String FORMAT = "sealed";

    /** From this status on, less this, it is the number of the signal that ended a process. */
    private static final int SIGNALS = 128;

    private final Path cache;
    private final BuildSetup setup;
    private String identity;

    public Toolchain(Path cache, BuildSetup setup) {
        this.cache = cache;
        this.setup = setup;
    }

    /** A shared library of this source, from the cache or built now. One that is damaged is built again. */
    public Path library(String name, String source, List<String> more) {
        String key = Digest.of(source, String.join(" ", more), identity());
        Path library = cache.resolve(name + "-" + key.substring(0, 24) + ".so");
        if (!Seal.isWhole(library)) {
            if (Files.exists(library)) {
                damaged(library);
            }
            build(library, source, more);
        }
        return library;
    }

    /** Says that something in the cache cannot be used and is made again. */
    public void damaged(Path file) {
        setup.warnings().accept("Building " + file + " again: found it damaged, expected it as it was written");
    }

    /** @throws GlossaException of type RESOURCE if the system does not load the library */
    public static NativeLibrary load(Path library) {
        try {
            return NativeLibrary.getInstance(library.toString());
        } catch (UnsatisfiedLinkError e) {
            throw GlossaException.resource("Cannot load " + library + ": " + e.getMessage()
                            + ", expected a folder from which programs may be run (set GLOSSA_CACHE to another)")
                    .causedBy(e);
        }
    }

    private void build(Path library, String source, List<String> more) {
        Path folder = null;
        try {
            Files.createDirectories(cache);
            folder = Files.createTempDirectory(cache, "build-");
            Path text = folder.resolve("kernels.cpp");
            Path built = folder.resolve("kernels.so");
            Files.writeString(text, source);
            List<String> command = new ArrayList<>(List.of(setup.compiler()));
            command.addAll(setup.flags());
            command.addAll(setup.more());
            command.addAll(List.of("-o", built.toString(), text.toString()));
            command.addAll(more);
            Ended ended = run("compile kernels", command);
            if (ended.status() != 0 || !Files.exists(built)) {
                Path kept = library.resolveSibling(library.getFileName() + ".failed.cpp");
                Files.writeString(kept, source);
                throw GlossaException.resource("Cannot compile kernels: " + setup.compiler() + " " + ended
                        + ", expected a compiler of C++17 (the source is kept in " + kept + ")");
            }
            Seal.put(built);
            Files.move(built, library, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw GlossaException.resource("Cannot build kernels in " + cache + ": " + e.getMessage()
                            + ", expected a writable folder (set GLOSSA_CACHE to another)")
                    .causedBy(e);
        } finally {
            delete(folder);
        }
    }

    /** Flags, compiler version and the processor's features. */
    public synchronized String identity() {
        if (identity == null) {
            Ended ended = run("compile kernels", List.of(setup.compiler(), "--version"));
            if (ended.status() != 0) {
                throw GlossaException.resource("Cannot compile kernels: " + setup.compiler() + " --version " + ended
                        + ", expected a compiler of C++17 (apt-get install g++, or set CXX)");
            }
            identity = String.join(" ", setup.flags())
                    + String.join(" ", setup.more())
                    + FORMAT
                    + ended.said()
                    + setup.processor();
        }
        return identity;
    }

    private record Ended(int status, String said) {
        @Override
        public String toString() {
            return (status > SIGNALS ? "was ended by signal " + (status - SIGNALS) : "ended with status " + status)
                    + " and said: " + said.lines().limit(5).toList();
        }
    }

    private Ended run(String purpose, List<String> command) {
        Path output = null;
        try {
            output = Files.createTempFile("glossa", ".log");
            Process process = start(command, output);
            try {
                if (!process.waitFor(setup.limit().toMillis(), TimeUnit.MILLISECONDS)) {
                    throw GlossaException.resource(
                            "Cannot " + purpose + ": " + setup.compiler() + " was still running after "
                                    + setup.limit().toMillis() / 1000.0
                                    + " s, expected it to end by then (is the machine overloaded, or CXX not a compiler?)");
                }
            } finally {
                end(process);
            }
            return new Ended(process.exitValue(), Files.readString(output));
        } catch (IOException e) {
            throw GlossaException.resource("Cannot " + purpose + ": " + e.getMessage()
                            + ", expected to keep what the compiler says in " + System.getProperty("java.io.tmpdir"))
                    .causedBy(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GlossaException.resource("Cannot " + purpose + ": interrupted")
                    .causedBy(e);
        } finally {
            delete(output);
        }
    }

    private Process start(List<String> command, Path output) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw GlossaException.resource("Cannot start the C++ compiler '" + setup.compiler() + "': " + e.getMessage()
                            + ", expected one on the PATH (apt-get install g++, or set CXX)")
                    .causedBy(e);
        }
    }

    /** Ends what still runs of a process and of those that it started, and waits for it. */
    private static void end(Process process) throws InterruptedException {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
    }

    private static void delete(Path folder) {
        if (folder == null) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LoggerFactory.getLogger(Toolchain.class).warn("Left {} behind: {}", folder, e.getMessage());
        }
    }
}
