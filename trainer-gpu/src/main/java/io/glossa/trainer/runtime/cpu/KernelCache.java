package io.glossa.trainer.runtime.cpu;

import com.sun.jna.Function;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.emit.Resource;
import io.glossa.trainer.runtime.host.Digest;
import io.glossa.trainer.runtime.host.FunctionCache;
import io.glossa.trainer.runtime.host.NativeFunctions;
import io.glossa.trainer.runtime.host.Toolchain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The compiled functions of kernels. */
final class KernelCache {
    private final FunctionCache<Function> functions;

    KernelCache(Path folder, Toolchain toolchain) {
        functions = new FunctionCache<>(
                folder, Resource.text("emit/prelude.h"), new NativeFunctions<>(toolchain, function -> function));
    }

    /** Whether all these functions were compiled before; they are loaded then. */
    boolean has(Collection<String> names) {
        return functions.has(names);
    }

    /** A function that was asked for before. */
    Function function(String name) {
        return functions.function(name);
    }

    /** The function's name for each kernel that is not in the runtime library, compiled if nobody did before. */
    Map<Kernel, String> names(List<Kernel> kernels) {
        Map<Kernel, String> names = new LinkedHashMap<>();
        List<FunctionCache.Source> sources = new ArrayList<>();
        for (Kernel kernel : kernels) {
            if (kernel.source().isEmpty() && kernel.header().isEmpty()) {
                continue;
            }
            String text = text(kernel);
            String name = kernel.function() + "_" + Digest.of(text).substring(0, 16);
            names.put(kernel, name);
            sources.add(new FunctionCache.Source(name, List.of(), text.replace(Kernel.UNNAMED, name)));
        }
        functions.require(sources);
        return names;
    }

    private static String text(Kernel kernel) {
        String body = kernel.header().isEmpty()
                ? kernel.source()
                : Resource.header("emit/kernels", kernel.header()) + "void " + Kernel.UNNAMED + "(const int64_t* a) { "
                        + kernel.function() + "(a); }\n";
        return body.replace("void " + Kernel.UNNAMED, "extern \"C\" void " + Kernel.UNNAMED);
    }
}
