package io.glossa.trainer.runtime.cuda;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where CUDA's libraries may lie: in the folders of LD_LIBRARY_PATH, in CUDA toolkits, and in the packages that pip
 * installs.
 *
 * @param root of the file system
 */
record SearchPath(Map<String, String> environment, Path root) {
    static SearchPath ofMachine() {
        return new SearchPath(System.getenv(), Path.of("/"));
    }

    /** Those that are there, first come first. */
    List<Path> folders() {
        Set<Path> found = new LinkedHashSet<>(paths("LD_LIBRARY_PATH"));
        toolkits().forEach(toolkit -> found.addAll(libraries(toolkit)));
        paths("CONDA_PREFIX").forEach(prefix -> found.addAll(libraries(prefix)));
        for (Path packages : packages()) {
            matching(packages.resolve("nvidia"), "*").forEach(part -> found.add(part.resolve("lib")));
        }
        return found.stream().filter(Files::isDirectory).toList();
    }

    /** Where a program of a toolkit may be; its bare name last. */
    List<String> programs(String name) {
        List<String> found = new ArrayList<>();
        for (Path toolkit : toolkits()) {
            Path program = toolkit.resolve("bin").resolve(name);
            if (Files.isExecutable(program)) {
                found.add(program.toString());
            }
        }
        found.add(name);
        return found;
    }

    private List<Path> toolkits() {
        List<Path> toolkits = new ArrayList<>();
        List.of("CUDA_HOME", "CUDA_PATH").forEach(variable -> toolkits.addAll(paths(variable)));
        Path local = root.resolve("usr/local");
        toolkits.add(local.resolve("cuda"));
        toolkits.addAll(matching(local, "cuda-*"));
        return toolkits;
    }

    private static List<Path> libraries(Path toolkit) {
        return List.of(toolkit.resolve("lib64"), toolkit.resolve("targets/x86_64-linux/lib"), toolkit.resolve("lib"));
    }

    private List<Path> packages() {
        List<Path> packages = new ArrayList<>();
        for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
            paths(variable).forEach(prefix -> packages.addAll(pythons(prefix)));
        }
        for (Path bin : paths("PATH")) {
            List.of("python3", "python").forEach(name -> packages.addAll(pythonsOf(bin.resolve(name))));
        }
        paths("HOME").forEach(home -> packages.addAll(matching(home.resolve(".local/lib"), "python3*")));
        packages.add(root.resolve("usr/lib/python3"));
        packages.addAll(matching(root.resolve("usr/local/lib"), "python3*"));
        return packages.stream()
                .flatMap(python -> List.of(python.resolve("site-packages"), python.resolve("dist-packages")).stream())
                .toList();
    }

    /** Libraries of the Python that a program is, and of the one that it is a link to, as in a virtual environment. */
    private static List<Path> pythonsOf(Path program) {
        if (!Files.isExecutable(program)) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        try {
            for (Path python : List.of(program, program.toRealPath())) {
                Path prefix = python.toAbsolutePath().getParent().getParent();
                found.addAll(prefix == null ? List.of() : pythons(prefix));
            }
        } catch (IOException e) {
            return found; // a link that leads nowhere leads to no package
        }
        return found;
    }

    private static List<Path> pythons(Path prefix) {
        List<Path> found = new ArrayList<>(matching(prefix.resolve("lib"), "python3*"));
        found.addAll(matching(prefix.resolve("lib64"), "python3*"));
        return found;
    }

    private List<Path> paths(String variable) {
        return Arrays.stream(environment.getOrDefault(variable, "").split(":"))
                .filter(path -> !path.isBlank())
                .map(Path::of)
                .toList();
    }

    /** Files of a folder that match a pattern, in the order of their names; none if there is no such folder. */
    static List<Path> matching(Path folder, String pattern) {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, pattern)) {
                files.forEach(found::add);
            } catch (IOException | DirectoryIteratorException e) {
                // A folder that cannot be read has nothing that could be loaded.
            }
        }
        found.sort(null);
        return found;
    }
}
