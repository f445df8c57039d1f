package io.glossa.trainer.runtime.cpu;

import io.glossa.error.GlossaException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The C++ compiler, behind a cache of shared libraries. A library's name is a digest of everything that made it: source,
 * flags, compiler version and the processor's instruction set.
 */
final class Toolchain {
    private static final List<String> FLAGS = List.of(
            "-std=c++17",
            "-O3",
            "-march=native",
            "-fopenmp",
            "-fPIC",
            "-shared",
            "-fno-math-errno",
            "-fno-trapping-math",
            "-ffp-contract=fast",
            "-w");
    private static final long LIMIT_MINUTES = 10;

    private final Path cache;
    private final String compiler;
    private String identity;

    Toolchain(Path cache, String compiler) {
        this.cache = cache;
        this.compiler = compiler;
    }

    /** The compiler that CXX names, else c++. */
    static Toolchain ofEnvironment(Path cache) {
        return new Toolchain(cache, System.getenv().getOrDefault("CXX", "c++"));
    }

    /** A shared library of this source, from the cache or built now. */
    Path library(String name, String source, List<String> more) {
        String key = digest(source, String.join(" ", more), identity());
        Path library = cache.resolve(name + "-" + key.substring(0, 24) + ".so");
        if (!Files.exists(library)) {
            build(library, source, more);
        }
        return library;
    }

    private void build(Path library, String source, List<String> more) {
        Path folder = null;
        try {
            Files.createDirectories(cache);
            folder = Files.createTempDirectory(cache, "build-");
            Path text = folder.resolve("kernels.cpp");
            Path built = folder.resolve("kernels.so");
            Files.writeString(text, source);
            List<String> command = new ArrayList<>(List.of(compiler));
            command.addAll(FLAGS);
            command.addAll(List.of("-o", built.toString(), text.toString()));
            command.addAll(more);
            String said = run(command);
            if (!Files.exists(built)) {
                Path kept = library.resolveSibling(library.getFileName() + ".failed.cpp");
                Files.writeString(kept, source);
                throw GlossaException.resource("Cannot compile kernels: " + compiler + " said: "
                        + said.lines().limit(5).toList() + ", expected a compiler of C++17 (the source is kept in "
                        + kept + ")");
            }
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
    synchronized String identity() {
        if (identity == null) {
            try {
                String cpu = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                        .filter(line -> line.startsWith("flags") || line.startsWith("model"))
                        .distinct()
                        .reduce("", String::concat);
                identity = String.join(" ", FLAGS) + run(List.of(compiler, "--version")) + cpu;
            } catch (IOException e) {
                throw GlossaException.resource("Cannot read /proc/cpuinfo: " + e.getMessage() + ", expected Linux")
                        .causedBy(e);
            }
        }
        return identity;
    }

    private String run(List<String> command) {
        try {
            Path output = Files.createTempFile("glossa", ".log");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
            if (!ended) {
                process.destroyForcibly();
                throw GlossaException.resource("Cannot compile kernels: " + compiler + " ran for " + LIMIT_MINUTES
                        + " minutes, expected seconds");
            }
            String said = Files.readString(output);
            Files.delete(output);
            return said;
        } catch (IOException e) {
            throw GlossaException.resource("Cannot start the C++ compiler '" + compiler + "': " + e.getMessage()
                            + ", expected one on the PATH (apt-get install g++, or set CXX)")
                    .causedBy(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GlossaException.resource("Cannot compile kernels: interrupted")
                    .causedBy(e);
        }
    }

    static String digest(String... parts) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                sha.update(part.getBytes(StandardCharsets.UTF_8));
                sha.update((byte) 0);
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes a file whole or not at all, whoever else does the same. */
    static void publish(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        Path part = Files.createTempFile(file.getParent(), "part-", "");
        Files.write(part, bytes);
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void delete(Path folder) {
        if (folder == null) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            org.slf4j.LoggerFactory.getLogger(Toolchain.class).warn("Left {} behind: {}", folder, e.getMessage());
        }
    }
}
