package io.glossa.trainer.runtime.cpu;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import io.glossa.error.GlossaException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** oneDNN as {@link OneDnnJar} has it, unpacked once. */
record OneDnn(Path folder) {
    private static final int RTLD_NOW_GLOBAL = 0x102;
    private static final AtomicBoolean LOADED = new AtomicBoolean();

    /** @param warnings takes a line for each file that was there, but not as the jar has it */
    static OneDnn unpacked(Path cache, Consumer<String> warnings) {
        try (OneDnnJar jar = OneDnnJar.open()) {
            Path folder = cache.resolve(jar.file().getFileName().toString().replace(".jar", ""));
            jar.unpack(folder, warnings);
            return new OneDnn(folder);
        } catch (IOException e) {
            throw GlossaException.resource("Cannot unpack oneDNN into " + cache + ": " + e.getMessage()
                            + ", expected a writable folder with 100 MB free (set GLOSSA_CACHE to another)")
                    .causedBy(e);
        }
    }

    String version() {
        return folder.getFileName().toString();
    }

    Path headers() {
        return folder.resolve("include");
    }

    /**
     * Loads the OpenMP runtime, then oneDNN, so that emitted code and oneDNN share the one. Threads that wait for each
     * other spin for some 50 µs, longer than from kernel to kernel, and then sleep: on a busy machine spinning longer
     * takes the processor from the thread that is waited for (a step took ten times as long). A process loads them once,
     * whichever folder asks: two copies of a runtime in one process break each other.
     */
    void load() {
        synchronized (LOADED) {
            if (LOADED.compareAndSet(false, true)) {
                loadOnce();
            }
        }
    }

    private void loadOnce() {
        NativeLibrary.getInstance("c").getFunction("setenv").invokeInt(new Object[] {"GOMP_SPINCOUNT", "20000", 0});
        for (String name : new String[] {OneDnnJar.OPENMP, OneDnnJar.LIBRARY}) {
            NativeLibrary.getInstance(
                    folder.resolve(name).toString(), Map.of(Library.OPTION_OPEN_FLAGS, RTLD_NOW_GLOBAL));
        }
    }
}
