package io.glossa.trainer.runtime.host;

import io.glossa.error.GlossaException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compiled functions by name, where a name holds a digest of the text. Each function is compiled once per machine,
 * whichever program or bucket needs it first: beside each library lies a list of the functions in it.
 *
 * @param <F> a loaded function
 */
public final class FunctionCache<F> {
    static final String LIST = ".functions";
    private static final int FEW = 16;

    /**
     * A function as text.
     *
     * @param name a digest of all else here is part of it
     * @param headers what a unit must have once before the text
     */
    public record Source(String name, List<String> headers, String text) {}

    /** Makes libraries of source text, and loads what they have. */
    public interface Builder<F> {
        /** All that a library depends on beside its text. */
        String identity();

        /** A library of this text in the cache's folder, built unless it is there and whole. */
        Path library(String family, String text);

        /** @throws UnsatisfiedLinkError if the library does not have it */
        F load(Path library, String function);

        /** Says that a library cannot be used and is made again. */
        void damaged(Path library);
    }

    private final Path folder;
    private final String prelude;
    private final Builder<F> builder;
    private final String family;
    private final Map<String, F> loaded = new HashMap<>();
    private final Set<Path> whole = new HashSet<>();
    private Map<String, Path> libraries;

    /** @param prelude text that every library begins with */
    public FunctionCache(Path folder, String prelude, Builder<F> builder) {
        this.folder = folder;
        this.prelude = prelude;
        this.builder = builder;
        this.family = "kernels-" + Digest.of(prelude, builder.identity()).substring(0, 12);
    }

    /** Whether all these functions were compiled before; they are loaded then. */
    public synchronized boolean has(Collection<String> names) {
        lookUp();
        return names.stream().allMatch(this::isLoaded);
    }

    /** A function that was asked for before. */
    public synchronized F function(String name) {
        return loaded.get(name);
    }

    /** Compiles those that nobody did before, and loads all. */
    public synchronized void require(Collection<Source> functions) {
        lookUp();
        Map<String, Source> missing = new TreeMap<>();
        for (Source function : functions) {
            if (!isLoaded(function.name())) {
                missing.put(function.name(), function);
            }
        }
        units(missing.values()).parallelStream().forEach(this::build);
        missing.keySet().forEach(name -> loaded.put(name, builder.load(libraries.get(name), name)));
    }

    private void lookUp() {
        if (libraries == null) {
            libraries = known();
        }
    }

    /** Loads the function if a library that is whole has it; what is damaged is thrown away. */
    private boolean isLoaded(String name) {
        Path library = libraries.get(name);
        if (library == null || loaded.containsKey(name)) {
            return library != null;
        }
        try {
            if (whole.contains(library) || Seal.isWhole(library)) {
                whole.add(library);
                loaded.put(name, builder.load(library, name));
                return true;
            }
        } catch (UnsatisfiedLinkError e) {
            // Its list names what it does not have.
        }
        builder.damaged(library);
        libraries.values().removeIf(library::equals);
        delete(library);
        return false;
    }

    /** Other processes may do the same at once, or build it again: whoever finds nothing builds. */
    private void delete(Path library) {
        try {
            Files.deleteIfExists(list(library));
            Files.deleteIfExists(library);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static Path list(Path library) {
        return library.resolveSibling(library.getFileName() + LIST);
    }

    /** Those with the same headers together, in as many parts as there are processors unless there is little to do. */
    private static List<List<Source>> units(Collection<Source> functions) {
        Map<List<String>, List<Source>> byHeaders = new LinkedHashMap<>();
        functions.forEach(function -> byHeaders
                .computeIfAbsent(function.headers(), headers -> new ArrayList<>())
                .add(function));
        List<List<Source>> units = new ArrayList<>();
        for (List<Source> alike : byHeaders.values()) {
            int count = alike.size() < FEW ? 1 : Runtime.getRuntime().availableProcessors();
            List<List<Source>> parts = new ArrayList<>();
            for (int i = 0; i < alike.size(); i++) {
                if (i < count) {
                    parts.add(new ArrayList<>());
                }
                parts.get(i % count).add(alike.get(i));
            }
            units.addAll(parts);
        }
        return units;
    }

    /** The text of one library. */
    public static String text(String prelude, Collection<Source> functions) {
        Set<String> headers = new LinkedHashSet<>();
        functions.forEach(function -> headers.addAll(function.headers()));
        return prelude
                + String.join("\n", headers)
                + functions.stream().map(Source::text).collect(Collectors.joining("\n"));
    }

    private void build(List<Source> functions) {
        Path library = builder.library(family, text(prelude, functions));
        String names = functions.stream().map(Source::name).collect(Collectors.joining("\n"));
        try {
            Seal.publish(list(library), names.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw unreadable(e);
        }
        synchronized (libraries) {
            functions.forEach(function -> libraries.put(function.name(), library));
        }
    }

    /** What earlier processes compiled in the same way. */
    private Map<String, Path> known() {
        Map<String, Path> found = new HashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path list : files.filter(f -> f.getFileName().toString().startsWith(family)
                            && f.getFileName().toString().endsWith(LIST))
                    .toList()) {
                Path library =
                        Path.of(list.toString().substring(0, list.toString().length() - LIST.length()));
                if (Files.exists(library)) {
                    Files.readAllLines(list).forEach(name -> found.put(name, library));
                }
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        return found;
    }

    private GlossaException unreadable(IOException e) {
        return GlossaException.resource("Cannot use the kernel cache " + folder + ": " + e.getMessage()
                        + ", expected a folder to read and write (set GLOSSA_CACHE to another)")
                .causedBy(e);
    }
}
