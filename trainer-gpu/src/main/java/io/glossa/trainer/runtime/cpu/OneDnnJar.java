package io.glossa.trainer.runtime.cpu;

import io.glossa.error.GlossaException;
import io.glossa.trainer.runtime.host.Seal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.tukaani.xz.FilterOptions;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.X86Options;
import org.tukaani.xz.XZInputStream;
import org.tukaani.xz.XZOutputStream;

/**
 * The jar on the class path that has oneDNN's library, its OpenMP runtime and its headers: as it is published, or packed by
 * {@link #pack}. The caller closes it.
 */
public final class OneDnnJar implements AutoCloseable {
    static final String OPENMP = "libgomp.so.1";
    static final String LIBRARY = "libdnnl.so.3";
    private static final String RESOURCES = "org/bytedeco/dnnl/linux-x86_64/";

    /** What ends the name of a file that is compressed once more, and what its entry in the manifest says of it. */
    private static final String XZ = ".xz";

    private static final String SIZE = "Unpacked-Size";

    private final JarFile jar;

    private OneDnnJar(JarFile jar) {
        this.jar = jar;
    }

    /** @throws GlossaException of type RESOURCE if the class path has none */
    public static OneDnnJar open() throws IOException {
        ClassLoader classPath = OneDnnJar.class.getClassLoader();
        URL library = Stream.of(LIBRARY, LIBRARY + XZ)
                .map(name -> classPath.getResource(RESOURCES + name))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(
                        () -> GlossaException.resource(
                                "Cannot find oneDNN: no " + RESOURCES + LIBRARY
                                        + " on the class path, expected the dnnl jar for linux-x86_64 (other platforms have no cpu device)"));
        // A jar file of our own to close: the JVM's cached one is shared with other threads.
        JarURLConnection connection = (JarURLConnection) library.openConnection();
        connection.setUseCaches(false);
        return new OneDnnJar(connection.getJarFile());
    }

    /** Its name has oneDNN's version. */
    public Path file() {
        return Path.of(jar.getName());
    }

    /**
     * Unpacks what is not there at its full size: files are published whole, so another size means damage.
     *
     * @param warnings takes a line for each file that was there, but not as the jar has it
     */
    void unpack(Path folder, Consumer<String> warnings) throws IOException {
        for (JarEntry entry : parts()) {
            String packed = entry.getName().substring(RESOURCES.length());
            boolean compressed = packed.endsWith(XZ);
            Path file = folder.resolve(compressed ? packed.substring(0, packed.length() - XZ.length()) : packed);
            long size = compressed ? Long.parseLong(entry.getAttributes().getValue(SIZE)) : entry.getSize();
            long found = Files.exists(file) ? Files.size(file) : -1;
            if (found >= 0 && found != size) {
                warnings.accept("Unpacking " + file + " again: found " + found + " bytes, expected " + size);
            }
            if (found != size) {
                try (InputStream in = jar.getInputStream(entry);
                        InputStream content = compressed ? new XZInputStream(in) : in) {
                    Seal.publish(file, content.readAllBytes());
                }
            }
        }
    }

    /** Writes a jar with the same parts, the library compressed by xz: 10 MB smaller, and the work of a minute. */
    public void pack(Path target) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        for (JarEntry entry : parts()) {
            if (entry.getName().endsWith(LIBRARY)) {
                Attributes attributes = new Attributes();
                attributes.putValue(SIZE, String.valueOf(entry.getSize()));
                manifest.getEntries().put(entry.getName() + XZ, attributes);
            }
        }
        try (OutputStream out = Files.newOutputStream(target);
                JarOutputStream packed = new JarOutputStream(out, manifest)) {
            for (JarEntry entry : parts()) {
                boolean library = entry.getName().endsWith(LIBRARY);
                packed.putNextEntry(new JarEntry(entry.getName() + (library ? XZ : "")));
                try (InputStream in = jar.getInputStream(entry)) {
                    if (library) {
                        compress(in, packed);
                    } else {
                        in.transferTo(packed);
                    }
                }
            }
        }
    }

    private static void compress(InputStream in, OutputStream out) throws IOException {
        XZOutputStream xz = new XZOutputStream(out, new FilterOptions[] {new X86Options(), new LZMA2Options()});
        in.transferTo(xz);
        xz.finish();
    }

    private List<JarEntry> parts() {
        return jar.stream()
                .filter(entry -> !entry.isDirectory() && isPart(entry.getName()))
                .toList();
    }

    private static boolean isPart(String name) {
        return name.startsWith(RESOURCES)
                && (name.endsWith(OPENMP)
                        || name.endsWith(LIBRARY)
                        || name.endsWith(LIBRARY + XZ)
                        || name.contains("/include/"));
    }

    @Override
    public void close() throws IOException {
        jar.close();
    }
}
