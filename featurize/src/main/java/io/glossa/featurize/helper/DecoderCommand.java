package io.glossa.featurize.helper;

import io.glossa.error.GlossaException;
import io.glossa.featurize.decode.AudioDecoder;
import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URLConnection;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.Loader;

/** The command that starts a helper: this JVM's own launcher, with those jars of its class path that decode. */
final class DecoderCommand {
    /**
     * Sets the limits of the process that becomes the JVM. What a person or a cluster sends to all processes of a job is left
     * to the executor, whose end a helper follows; where memory is short, the kernel is to take a helper. Replies go to
     * descriptor 3, so that no library's word gets between them.
     */
    private static final String SHELL = "trap '' HUP INT TERM; ulimit -c 0; ulimit -v \"$0\" 2>/dev/null;"
            + " echo 1000 2>/dev/null >/proc/self/oom_score_adj; exec \"$@\" 3>&1 1>&2";

    private static final int KIBIBYTES = 1024;

    private DecoderCommand() {}

    static ProcessBuilder of(Class<?> main, DecoderLimits limits) {
        List<String> command = new ArrayList<>(
                List.of("/bin/sh", "-c", SHELL, Long.toString((long) limits.addressMebibytes() * KIBIBYTES)));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xms32m",
                "-Xmx" + limits.heapMebibytes() + "m",
                "-XX:+UseSerialGC",
                "-XX:MinHeapFreeRatio=5",
                "-XX:MaxHeapFreeRatio=10",
                "-XX:TieredStopAtLevel=1",
                "-XX:ReservedCodeCacheSize=32m",
                "-XX:CompressedClassSpaceSize=16m",
                "-XX:-UsePerfData",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+ErrorFileToStderr",
                "-Dfile.encoding=UTF-8",
                "-Dorg.bytedeco.javacpp.cachedir=" + cache(),
                "-cp",
                classPath(main),
                main.getName()));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"));
        environment.put("MALLOC_ARENA_MAX", "1");
        return builder;
    }

    /** Where JavaCPP has unpacked FFmpeg already. */
    private static String cache() {
        try {
            return Loader.getCacheDir().getPath();
        } catch (IOException e) {
            throw GlossaException.resource("Cannot start a decoder: " + e.getMessage())
                    .causedBy(e);
        }
    }

    private static String classPath(Class<?> main) {
        Set<String> places = new LinkedHashSet<>();
        for (Class<?> type : List.of(main, AudioDecoder.class, GlossaException.class, Loader.class, avcodec.class)) {
            places.add(place(type));
        }
        places.add(place("javacpp", "jnijavacpp"));
        places.add(place("ffmpeg", "jniavcodec"));
        return String.join(File.pathSeparator, places);
    }

    private static String place(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        try {
            return Path.of(source.getLocation().toURI()).toString();
        } catch (URISyntaxException | RuntimeException e) {
            throw notFound(type.getName(), e);
        }
    }

    /** The jar, which has no classes, or the folder with a library's native code. */
    private static String place(String library, String file) {
        String name = "org/bytedeco/" + library + "/" + Loader.getPlatform() + "/" + System.mapLibraryName(file);
        try {
            URLConnection found =
                    avcodec.class.getClassLoader().getResource(name).openConnection();
            if (found instanceof JarURLConnection jar) {
                return Path.of(jar.getJarFileURL().toURI()).toString();
            }
            String path = Path.of(found.getURL().toURI()).toString();
            return path.substring(0, path.length() - name.length() - 1);
        } catch (IOException | URISyntaxException | RuntimeException e) {
            throw notFound(name, e);
        }
    }

    private static GlossaException notFound(String what, Exception why) {
        return GlossaException.resource("Cannot start a decoder: found no file that holds " + what
                        + ", expected a folder or a jar on the class path (--set decoding=in-process needs none)")
                .causedBy(why);
    }
}
