package io.glossa.trainer.runtime.host;

import com.sun.jna.NativeLibrary;
import io.glossa.error.GlossaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The C++ compiler, behind a cache of shared libraries. A library's name is a digest of everything that made it: source,
 * flags, compiler version and the processor's instruction set.
 */
public final class Toolchain {
    private final Path cache;
    private final BuildSetup setup;
    private String identity;
    private String version;

    public Toolchain(Path cache, BuildSetup setup) {
        this.cache = cache;
        this.setup = setup;
    }

    /** A shared library of this source, from the cache or built now. One that is damaged is built again. */
    public Path library(String name, String source, List<String> more) {
        return library(name, source, more, List.of());
    }

    /** As above; {@code places} are options that say where things lie, which are not part of the name. */
    public Path library(String name, String source, List<String> more, List<String> places) {
        String key = Digest.ofFile(source, String.join(" ", more), identity());
        Path library = cache.resolve(name + "-" + key + ".so");
        if (!Seal.isWhole(library)) {
            if (Files.exists(library)) {
                damaged(library);
            }
            build(library, source, Stream.concat(places.stream(), more.stream()).toList());
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
        if (setup.version().isPresent()) {
            throw GlossaException.resource("Cannot compile kernels: here are only programs that were built before, and "
                    + library.getFileName() + " is not among them, expected what the self-test and the workbench need"
                    + " (device 'reference' runs anything, slowly; so does Glossa with a C++ compiler)");
        }
        Path folder = null;
        try {
            Files.createDirectories(cache);
            folder = Files.createTempDirectory(cache, "build-");
            Path text = folder.resolve("kernels.cpp");
            Path built = folder.resolve("kernels.so");
            Files.writeString(text, source);
            List<String> command = new ArrayList<>(setup.command());
            command.addAll(setup.flags());
            command.addAll(List.of("-o", built.toString(), text.toString()));
            command.addAll(more);
            CompilerProcess.Ended ended = process().run("compile kernels", command);
            if (ended.status() != 0 || !Files.exists(built)) {
                Path kept = library.resolveSibling(library.getFileName() + ".failed.cpp");
                Files.writeString(kept, source);
                throw GlossaException.resource("Cannot compile kernels: " + setup.compiler() + " " + ended
                        + ", expected a compiler of C++17 (the source is kept in " + kept + ")");
            }
            Seal.put(built);
            Files.move(built, library, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw CacheFolder.unwritable("Cannot build kernels in " + cache, e);
        } finally {
            Leftovers.delete(folder);
        }
    }

    private CompilerProcess process() {
        return new CompilerProcess("C++ compiler", setup.compiler(), setup.limit(), "apt-get install g++, or set CXX");
    }

    /** Flags, compiler version and the processor's features. */
    public synchronized String identity() {
        if (identity == null) {
            List<String> words = setup.command();
            identity = String.join(" ", words.subList(1, words.size()))
                    + String.join(" ", setup.flags())
                    + Seal.FORMAT
                    + version()
                    + setup.processor();
        }
        return identity;
    }

    /** The compiler and its version, in a line. */
    public String compiler() {
        return version().lines().findFirst().orElse("");
    }

    /** What the compiler says of its version. */
    synchronized String version() {
        if (version == null) {
            version = setup.version().orElseGet(this::asked);
        }
        return version;
    }

    private String asked() {
        CompilerProcess.Ended ended = process().run("compile kernels", setup.command("--version"));
        if (ended.status() != 0) {
            throw GlossaException.resource("Cannot compile kernels: " + setup.compiler() + " --version " + ended
                    + ", expected a compiler of C++17 (apt-get install g++, or set CXX)");
        }
        return ended.said();
    }
}
