package io.glossa.jobs.bundle;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.jna.Native;
import io.glossa.error.GlossaException;
import io.glossa.trainer.device.DeviceRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;
import picocli.CommandLine;

/** The jars of a bundle: of those that this process has, the ones that hold these classes. */
final class Jars {
    private static final List<Class<?>> OURS = List.of(GlossaException.class, DeviceRequest.class, Jars.class);
    /** Libraries of platforms, the only ones of these that are of use. */
    private static final String NATIVE = "com/sun/jna/[a-z0-9-]+/[^/]*\\.(a|dll|dylib|jnilib|so)";

    private static final String LINUX = "com/sun/jna/linux-x86-64/";

    private static final List<Class<?>> OTHERS = List.of(
            CommandLine.class,
            JsonProperty.class,
            JsonGenerator.class,
            ObjectMapper.class,
            LoggerFactory.class,
            XZInputStream.class);

    /** Prints warnings on standard error; not on the class path here, where Spark's logger is. */
    private static final String LOGGER = "slf4j-simple.jar";

    private Jars() {}

    static void copy(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Class<?> type : OURS) {
            Path source = source(type);
            if (Files.isDirectory(source)) {
                // The module's folder, above target/classes.
                Path module = source.getParent().getParent().getFileName();
                pack(source, folder.resolve(module + ".jar"));
            } else {
                Files.copy(source, folder.resolve(source.getFileName()));
            }
        }
        for (Class<?> type : OTHERS) {
            Path source = source(type);
            Files.copy(source, folder.resolve(source.getFileName()));
        }
        Path jna = source(Native.class);
        withoutOtherPlatforms(jna, folder.resolve(jna.getFileName()));
        try (InputStream logger = Jars.class.getResourceAsStream(LOGGER)) {
            if (logger == null) {
                throw GlossaException.internal(
                        "Cannot find resource " + LOGGER + ": expected the build to put it there");
            }
            Files.copy(logger, folder.resolve(LOGGER));
        }
    }

    /** A copy without the libraries that JNA has for some twenty other platforms: a megabyte and a half. */
    private static void withoutOtherPlatforms(Path jar, Path copy) throws IOException {
        try (JarFile from = new JarFile(jar.toFile());
                OutputStream out = Files.newOutputStream(copy);
                JarOutputStream to = new JarOutputStream(out)) {
            for (JarEntry entry : (Iterable<JarEntry>) from.stream()::iterator) {
                if (entry.isDirectory()
                        || entry.getName().matches(NATIVE) && !entry.getName().startsWith(LINUX)) {
                    continue;
                }
                to.putNextEntry(new JarEntry(entry.getName()));
                try (InputStream in = from.getInputStream(entry)) {
                    in.transferTo(to);
                }
            }
        }
    }

    private static Path source(Class<?> type) {
        try {
            URL place = type.getProtectionDomain().getCodeSource().getLocation();
            return Path.of(place.toURI());
        } catch (URISyntaxException e) {
            throw GlossaException.internal("Cannot find the jar of " + type).causedBy(e);
        }
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream packed = new JarOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (!file.endsWith(LOGGER)) {
                    packed.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                    Files.copy(file, packed);
                }
            }
        }
    }
}
