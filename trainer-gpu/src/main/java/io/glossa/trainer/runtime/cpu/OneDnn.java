package io.glossa.trainer.runtime.cpu;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import io.glossa.error.GlossaException;
import io.glossa.trainer.runtime.host.Seal;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** oneDNN as its jar ships it: the library, its OpenMP runtime and its headers, unpacked once. */
record OneDnn(Path folder) {
    private static final String RESOURCES = "org/bytedeco/dnnl/linux-x86_64/";
    private static final String OPENMP = "libgomp.so.1";
    private static final String LIBRARY = "libdnnl.so.3";
    private static final int RTLD_NOW_GLOBAL = 0x102;
    private static final AtomicBoolean LOADED = new AtomicBoolean();

    /** @param warnings takes a line for each file that was there, but not as the jar has it */
    static OneDnn unpacked(Path cache, Consumer<String> warnings) {
        URL library = OneDnn.class.getClassLoader().getResource(RESOURCES + LIBRARY);
        if (library == null) {
            throw GlossaException.resource(
                    "Cannot find oneDNN: no " + RESOURCES + LIBRARY
                            + " on the class path, expected the dnnl jar for linux-x86_64 (other platforms have no cpu device)");
        }
        try (JarFile jar = jar(library)) {
            String name = Path.of(jar.getName()).getFileName().toString().replace(".jar", "");
            Path folder = cache.resolve(name);
            unpack(jar, folder, warnings);
            return new OneDnn(folder);
        } catch (IOException e) {
            throw GlossaException.resource("Cannot unpack oneDNN into " + cache + ": " + e.getMessage()
                            + ", expected a writable folder with 100 MB free (set GLOSSA_CACHE to another)")
                    .causedBy(e);
        }
    }

    /** A jar file of our own to close: the JVM's cached one is shared with other threads. */
    private static JarFile jar(URL entry) throws IOException {
        JarURLConnection connection = (JarURLConnection) entry.openConnection();
        connection.setUseCaches(false);
        return connection.getJarFile();
    }

    /** Unpacks what is not there at its full size: files are published whole, so another size means damage. */
    private static void unpack(JarFile jar, Path folder, Consumer<String> warnings) throws IOException {
        for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
            String name = entry.getName();
            boolean wanted = name.startsWith(RESOURCES)
                    && (name.endsWith(OPENMP) || name.endsWith(LIBRARY) || name.contains("/include/"));
            if (!wanted || entry.isDirectory()) {
                continue;
            }
            Path file = folder.resolve(name.substring(RESOURCES.length()));
            long found = Files.exists(file) ? Files.size(file) : -1;
            if (found >= 0 && found != entry.getSize()) {
                warnings.accept("Unpacking " + file + " again: found " + found + " bytes, expected " + entry.getSize());
            }
            if (found != entry.getSize()) {
                try (InputStream in = jar.getInputStream(entry)) {
                    Seal.publish(file, in.readAllBytes());
                }
            }
        }
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
        for (String name : new String[] {OPENMP, LIBRARY}) {
            NativeLibrary.getInstance(
                    folder.resolve(name).toString(), Map.of(Library.OPTION_OPEN_FLAGS, RTLD_NOW_GLOBAL));
        }
    }
}
