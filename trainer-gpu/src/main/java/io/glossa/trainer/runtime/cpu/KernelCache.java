package io.glossa.trainer.runtime.cpu;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import io.glossa.error.GlossaException;
import io.glossa.trainer.emit.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Compiled functions by name, where a name holds a digest of the text. Each function is compiled once per machine,
 * whichever program or bucket needs it first: beside each library lies a list of the functions in it.
 */
final class KernelCache {
    private static final String LIST = ".functions";
    private static final int FEW = 16;

    private final Path folder;
    private final Toolchain toolchain;
    private final String prelude = CpuDevice.resource("emit/prelude.h");
    private final String family;
    private final Map<String, Function> loaded = new HashMap<>();
    private final Set<Path> whole = new HashSet<>();
    private Map<String, Path> libraries;

    KernelCache(Path folder, Toolchain toolchain) {
        this.folder = folder;
        this.toolchain = toolchain;
        this.family =
                "kernels-" + Toolchain.digest(prelude, toolchain.identity()).substring(0, 12);
    }

    /** Whether all these functions were compiled before; they are loaded then. */
    synchronized boolean has(Collection<String> names) {
        lookUp();
        return names.stream().allMatch(this::isLoaded);
    }

    /** A function that was asked for before. */
    synchronized Function function(String name) {
        return loaded.get(name);
    }

    private void lookUp() {
        if (libraries == null) {
            libraries = known();
        }
    }

    /** The function's name for each kernel that is not in the runtime library, compiled if nobody did before. */
    synchronized Map<Kernel, String> names(List<Kernel> kernels) {
        lookUp();
        Map<Kernel, String> names = new LinkedHashMap<>();
        Map<String, String> missing = new TreeMap<>();
        for (Kernel kernel : kernels) {
            if (kernel.source().isEmpty() && kernel.header().isEmpty()) {
                continue;
            }
            String text = text(kernel);
            String name = kernel.function() + "_" + Toolchain.digest(text).substring(0, 16);
            names.put(kernel, name);
            if (!isLoaded(name)) {
                missing.put(name, text.replace("GLOSSA_KERNEL", name));
            }
        }
        chunks(missing).parallelStream().forEach(this::build);
        missing.keySet().forEach(name -> loaded.put(name, Toolchain.function(libraries.get(name), name)));
        return names;
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
                loaded.put(name, NativeLibrary.getInstance(library.toString()).getFunction(name));
                return true;
            }
        } catch (UnsatisfiedLinkError e) {
            // Its list names what it does not have.
        }
        toolchain.damaged(library);
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

    private static String text(Kernel kernel) {
        String body = kernel.header().isEmpty()
                ? kernel.source()
                : CpuDevice.resource("emit/kernels/" + kernel.header()) + "void GLOSSA_KERNEL(const int64_t* a) { "
                        + kernel.function() + "(a); }\n";
        return body.replace("void GLOSSA_KERNEL", "extern \"C\" void GLOSSA_KERNEL");
    }

    /** As many parts as there are processors, unless there is little to do. */
    private static List<Map<String, String>> chunks(Map<String, String> functions) {
        int count = functions.size() < FEW ? 1 : Runtime.getRuntime().availableProcessors();
        List<Map<String, String>> chunks = new ArrayList<>();
        int at = 0;
        for (Map.Entry<String, String> function : functions.entrySet()) {
            if (chunks.size() < count) {
                chunks.add(new LinkedHashMap<>());
            }
            chunks.get(at++ % count).put(function.getKey(), function.getValue());
        }
        return chunks;
    }

    private void build(Map<String, String> functions) {
        Path library = toolchain.library(family, prelude + String.join("\n", functions.values()), List.of());
        try {
            Toolchain.publish(
                    list(library),
                    String.join("\n", functions.keySet()).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw unreadable(e);
        }
        synchronized (libraries) {
            functions.keySet().forEach(name -> libraries.put(name, library));
        }
    }

    /** What earlier processes compiled with this compiler for this processor. */
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
