package io.glossa.trainer.runtime.cuda;

import io.glossa.error.GlossaException;
import io.glossa.trainer.runtime.host.CacheFolder;
import io.glossa.trainer.runtime.host.Digest;
import io.glossa.trainer.runtime.host.Seal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Compiled CUDA code in a cache folder, beside what the compiler said of it. A file's name is a digest of everything that
 * made it: text, compiler, flags and architecture.
 *
 * @param warnings takes one line for each file that was damaged
 */
record Cubins(Path cache, CudaCompiler compiler, String architecture, Consumer<String> warnings) {
    private static final int LINES = 5;

    String identity() {
        return compiler.identity() + architecture + Seal.FORMAT;
    }

    /** The file with this text's code, from the cache or compiled now. */
    Path library(String family, String text) {
        String key = Digest.ofFile(text, identity());
        Path file = cache.resolve(family + "-" + key + ".cubin");
        if (!Seal.isWhole(file)) {
            if (Files.exists(file)) {
                damaged(file);
            }
            build(file, text);
        }
        return file;
    }

    /** The code in a file. */
    static byte[] image(Path file) {
        try {
            return Seal.content(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** What the compiler said of a file; empty if nobody knows any more. */
    static String log(Path file) {
        try {
            return Files.exists(logFile(file)) ? Files.readString(logFile(file)) : "";
        } catch (IOException e) {
            throw unreadable(logFile(file), e);
        }
    }

    private static GlossaException unreadable(Path file, IOException e) {
        return GlossaException.resource("Cannot read " + file + ": " + e.getMessage()
                        + ", expected compiled kernels there (set GLOSSA_CACHE to another folder)")
                .causedBy(e);
    }

    void damaged(Path file) {
        warnings.accept("Compiling " + file + " again: found it damaged, expected it as it was written");
    }

    private static Path logFile(Path file) {
        return file.resolveSibling(file.getFileName() + ".log");
    }

    private void build(Path file, String text) {
        CudaCompiler.Result result = compiler.compile(text, architecture);
        try {
            if (!result.isDone()) {
                Path kept = file.resolveSibling(file.getFileName() + ".failed.cu");
                Files.writeString(kept, text);
                throw GlossaException.resource("Cannot compile kernels for " + architecture + ": " + compiler.name()
                        + " said: " + result.log().lines().limit(LINES).toList()
                        + ", expected code (the source is kept in " + kept + ")");
            }
            Seal.publish(logFile(file), result.log().getBytes(StandardCharsets.UTF_8));
            Seal.publishSealed(file, result.image());
        } catch (IOException e) {
            throw CacheFolder.unwritable("Cannot keep compiled kernels in " + cache, e);
        }
    }
}
