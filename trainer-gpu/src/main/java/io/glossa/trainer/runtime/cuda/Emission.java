package io.glossa.trainer.runtime.cuda;

import io.glossa.error.GlossaException;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.emit.cuda.Dialect;
import io.glossa.trainer.runtime.host.FunctionCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;

/** The kernels of programs as CUDA text, compiled for sm_90 where a compiler is found; no GPU is needed. */
public final class Emission {
    private final Path cache;
    private final Optional<CudaCompiler> compiler;

    private Emission(Path cache, Optional<CudaCompiler> compiler) {
        this.cache = cache;
        this.compiler = compiler;
    }

    /**
     * With NVRTC, or else nvcc of a toolkit or of the PATH.
     *
     * @param cache folder of compiled kernels
     */
    public static Emission open(Path cache) {
        return new Emission(cache, compiler());
    }

    /** What came of it: the functions written, and what each needs if they were compiled. */
    public record Report(List<String> functions, List<KernelUse> uses) {}

    /** The compiler, for people; empty if none is found. */
    public Optional<String> compilerName() {
        return compiler.map(CudaCompiler::name);
    }

    /**
     * Writes each function as a file that nvcc compiles by itself, and compiles them all.
     *
     * @throws GlossaException of type RESOURCE for a function that does not compile; its source is kept, and named
     */
    public Report write(Collection<Kernel> kernels, Path folder) {
        Map<String, FunctionCache.Source> sources = new TreeMap<>();
        kernels.forEach(kernel -> GpuText.of(kernel).sources().forEach(source -> sources.put(source.name(), source)));
        String prelude = Dialect.CUDA.prelude();
        try {
            Files.createDirectories(folder);
            Files.createDirectories(cache);
            for (FunctionCache.Source source : sources.values()) {
                Files.writeString(folder.resolve(source.name() + ".cu"), FunctionCache.text(prelude, List.of(source)));
            }
        } catch (IOException e) {
            throw GlossaException.resource("Cannot write kernels to " + folder + ": " + e.getMessage()
                            + ", expected a writable folder")
                    .causedBy(e);
        }
        return new Report(
                List.copyOf(sources.keySet()),
                compiler.map(found -> uses(found, prelude, sources)).orElse(List.of()));
    }

    private List<KernelUse> uses(CudaCompiler found, String prelude, Map<String, FunctionCache.Source> sources) {
        Cubins cubins = new Cubins(cache, found, Architecture.EMITTED, LoggerFactory.getLogger(Emission.class)::warn);
        FunctionCache<Path> functions = new FunctionCache<>(cache, prelude, new Compiled(cubins));
        functions.require(sources.values());
        List<KernelUse> uses = new ArrayList<>();
        sources.keySet().stream()
                .map(functions::function)
                .distinct()
                .forEach(file -> KernelUse.of(Cubins.log(file)).stream()
                        .filter(use -> sources.containsKey(use.kernel()))
                        .forEach(uses::add));
        uses.sort(Comparator.comparing(KernelUse::kernel));
        return uses;
    }

    private static Optional<CudaCompiler> compiler() {
        SearchPath places = SearchPath.ofMachine();
        Optional<CudaCompiler> library = Libraries.ofMachine().anyNvrtc().map(Nvrtc::new);
        return library.or(() -> places.programs("nvcc").stream()
                .flatMap(program -> Nvcc.of(program).stream())
                .findFirst());
    }

    /** Code that is compiled and not loaded. */
    private record Compiled(Cubins cubins) implements FunctionCache.Builder<Path> {
        @Override
        public String identity() {
            return cubins.identity();
        }

        @Override
        public Path library(String family, String text) {
            return cubins.library(family, text);
        }

        @Override
        public Path load(Path library, String function) {
            return library;
        }

        @Override
        public void damaged(Path library) {
            cubins.damaged(library);
        }
    }
}
