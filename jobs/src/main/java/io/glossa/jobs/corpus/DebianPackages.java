package io.glossa.jobs.corpus;

import io.glossa.error.GlossaException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Debian packages as a source of data: fetched with apt into a folder and unpacked there, installed nowhere. */
final class DebianPackages {
    private final Path folder;

    /** Packages and what is in them lie in {@code folder}; what is there already is not fetched again. */
    DebianPackages(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    /** Where the packages' files lie, as {@code usr/…}. */
    Path root() {
        return folder.resolve("root");
    }

    /**
     * Fetches and unpacks what is missing of these packages.
     *
     * @throws GlossaException of type RESOURCE where apt cannot fetch them
     */
    void fetch(List<String> names) {
        try {
            Files.createDirectories(root());
            List<String> missing = new ArrayList<>();
            for (String name : names) {
                if (archive(name) == null) {
                    missing.add(name);
                }
            }
            if (!missing.isEmpty()) {
                download(missing);
            }
            for (String name : names) {
                unpack(name);
            }
        } catch (IOException e) {
            throw GlossaException.resource("Cannot unpack Debian packages in " + folder + ": " + e.getMessage())
                    .causedBy(e);
        }
    }

    /** "name version", the version as in the archive's name. */
    String nameAndVersion(String name) {
        try {
            String[] parts = archive(name).getFileName().toString().split("_");
            return name + " " + parts[1].replace("%3a", ":");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void download(List<String> names) throws IOException {
        Path partial = Files.createDirectories(folder.resolve("partial"));
        List<String> command = new ArrayList<>(List.of("apt-get", "-q", "download"));
        command.addAll(names);
        String said = run(partial, command);
        if (said != null) {
            update();
            said = run(partial, command);
        }
        if (said != null) {
            String last = said.lines().reduce("no output", (before, line) -> line);
            throw GlossaException.resource("Cannot fetch " + String.join(" ", names) + ": " + last
                    + ", expected apt-get download to find them (run 'apt-get update' as root once,"
                    + " or use recordings of your own with --audio DIR)");
        }
        for (Path archive : archives(partial)) {
            Files.move(archive, folder.resolve(archive.getFileName()));
        }
        Files.delete(partial);
    }

    /** Refreshes apt's lists, which takes root; whether it worked shows in the next download. */
    private void update() throws IOException {
        if (run(folder, List.of("apt-get", "-q", "update")) != null) {
            run(folder, List.of("sudo", "-n", "apt-get", "-q", "update"));
        }
    }

    /** Unpacks beside and marks last, so that a stop in between leaves nothing half done. */
    private void unpack(String name) throws IOException {
        Path done = folder.resolve(name + ".unpacked");
        if (Files.exists(done)) {
            return;
        }
        String said = run(folder, List.of("dpkg-deb", "-x", archive(name).toString(), root().toString()));
        if (said != null) {
            throw GlossaException.resource("Cannot unpack " + archive(name) + ": " + said.strip());
        }
        Files.createFile(done);
    }

    /** The package's archive, null where it has not been fetched. */
    private Path archive(String name) throws IOException {
        return archives(folder).stream()
                .filter(path -> path.getFileName().toString().startsWith(name + "_"))
                .findFirst()
                .orElse(null);
    }

    private static List<Path> archives(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(path -> path.toString().endsWith(".deb"))
                    .sorted()
                    .toList();
        }
    }

    /** Null where the command went well, else what it said. */
    private static String run(Path folder, List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? null : said;
        } catch (IOException e) {
            return e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GlossaException.resource("Cannot wait for " + command.get(0) + ": interrupted")
                    .causedBy(e);
        }
    }
}
