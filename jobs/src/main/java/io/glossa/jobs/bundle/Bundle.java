package io.glossa.jobs.bundle;

import io.glossa.error.GlossaException;
import io.glossa.jobs.cli.CodeVersion;
import io.glossa.trainer.runtime.host.Leftovers;
import io.glossa.trainer.runtime.host.Prebuilt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A folder with a Java runtime, the trainer's jars, programs for the processor and a start script.
 *
 * @param contents a line for each part that is in it, or is not
 */
public record Bundle(Path folder, List<String> contents) {
    /** Bytes of a whole bundle at most: what is shipped in a minute over a slow line. */
    static final long LIMIT = 60_000_000;

    private static final String CONTENTS = "contents.txt";
    private static final String SCRIPT = "glossa";

    /** Scripts of a bundle, and the resources that they are. */
    private static final Map<String, String> SCRIPTS = Map.of(SCRIPT, "start.sh", "lease.sh", "lease.sh");

    private static final double MB = 1e6;

    /**
     * Writes it, whole or not at all; an earlier one in its place goes.
     *
     * @param progress takes a line for each thing that takes long
     * @throws GlossaException of type USER if there is something else in the folder, of type RESOURCE if this machine
     *     cannot make a bundle
     */
    public static Bundle write(Path out, Consumer<String> progress) {
        Path part = out.resolveSibling(out.getFileName() + ".part");
        try {
            if (Files.exists(out) && !isBundle(out)) {
                throw GlossaException.user(
                        "Cannot write a bundle to " + out + ": found something else there, expected a"
                                + " bundle to replace or nothing (name another folder with --out)");
            }
            Leftovers.delete(part);
            Files.createDirectories(part);
            List<String> contents = fill(part, progress);
            Files.write(part.resolve(CONTENTS), contents);
            Leftovers.delete(out);
            Files.move(part, out);
            return new Bundle(out, contents);
        } catch (IOException e) {
            throw GlossaException.resource(
                            "Cannot write a bundle to " + out + ": " + e.getMessage() + ", expected a writable folder")
                    .causedBy(e);
        }
    }

    /** Or an empty folder, which is nobody's. */
    private static boolean isBundle(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return Files.exists(folder.resolve(CONTENTS)) && Files.exists(folder.resolve(SCRIPT))
                    || files.findAny().isEmpty();
        }
    }

    private static List<String> fill(Path part, Consumer<String> progress) throws IOException {
        Path runtime = part.resolve("java");
        Path jars = part.resolve("lib");
        Path programs = part.resolve("programs");
        progress.accept("Linking a Java runtime");
        JavaRuntime.link(runtime);
        Jars.copy(jars);
        progress.accept("Packing oneDNN (a minute, once on this machine)");
        Path packed = PackedOneDnn.jar();
        Path oneDnn = Files.copy(packed, jars.resolve(packed.getFileName()));
        progress.accept("Building programs for processors of " + Prebuilt.LEVEL);
        Files.createDirectories(programs);
        Programs.build(runtime, jars, programs, progress);
        for (Map.Entry<String, String> script : SCRIPTS.entrySet()) {
            try (InputStream text = Bundle.class.getResourceAsStream(script.getValue())) {
                Files.copy(text, part.resolve(script.getKey()));
            }
        }
        share(part);
        List<String> contents = new ArrayList<>();
        contents.add(line(runtime, "Java " + Runtime.version()));
        if (bytes(part) <= LIMIT) {
            contents.add(line(programs, "programs for " + Prebuilt.LEVEL + " by " + Prebuilt.compiler(programs)));
        } else {
            Leftovers.delete(programs);
            Files.delete(oneDnn);
            contents.add("no device cpu, which would make more than " + LIMIT / MB + " MB: reference stands in");
        }
        contents.add(1, line(jars, "jars of Glossa " + CodeVersion.current()));
        contents.add(line(part, "in all"));
        return contents;
    }

    /** Files for whoever runs it, not only for whom it was made by. */
    private static void share(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.toList();
        }
        for (Path file : all) {
            boolean shared = file.toFile().setReadable(true, false);
            boolean script = SCRIPTS.containsKey(folder.relativize(file).toString());
            if (!shared || script && !file.toFile().setExecutable(true, false)) {
                throw new IOException("the permissions of " + file + " cannot be set");
            }
        }
    }

    private static String line(Path folder, String what) throws IOException {
        return String.format(Locale.ROOT, "%5.1f MB  %s", bytes(folder) / MB, what);
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    /** What is in it, for people. */
    public String summary() {
        return String.join("\n", contents) + "\n";
    }
}
