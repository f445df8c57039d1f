package io.glossa.trainer.runtime.cuda;

import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.emit.cuda.Dialect;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.runtime.host.Digest;
import io.glossa.trainer.runtime.host.FunctionCache;
import java.util.ArrayList;
import java.util.List;

/**
 * The functions that a GPU launches, as text: each calls a device function, emitted or of a header, with its own arguments.
 *
 * @param sources one for each launch
 * @param launches of these functions
 */
record GpuText(List<FunctionCache.Source> sources, List<GpuKernel.Launch> launches) {
    private static final int DIGITS = 16;

    static GpuText of(Kernel kernel) {
        List<FunctionCache.Source> sources = new ArrayList<>();
        List<GpuKernel.Launch> launches = new ArrayList<>();
        List<String> headers = kernel.header().isEmpty() ? List.of() : List.of(Dialect.kernels(kernel.header()));
        for (GpuKernel.Launch launch : kernel.launches()) {
            String text = text(kernel, launch);
            String base = kernel.source().isEmpty() ? launch.function().replaceAll("\\W+", "_") : kernel.function();
            String digest = Digest.of(text, String.join("", headers)).substring(0, DIGITS);
            String name = base + (base.endsWith("_") ? "" : "_") + digest;
            sources.add(new FunctionCache.Source(name, headers, text.replace(Kernel.UNNAMED, name)));
            launches.add(
                    new GpuKernel.Launch(name, launch.x(), launch.y(), launch.z(), launch.threads(), launch.shared()));
        }
        return new GpuText(sources, launches);
    }

    private static String text(Kernel kernel, GpuKernel.Launch launch) {
        int parts = kernel.groups().size();
        int own = kernel.arguments().size() / parts;
        String definition = "GL_KERNEL(" + Kernel.UNNAMED + ", " + (parts == 1 ? own : LaunchTable.ARGUMENTS) + ", "
                + launch.threads() + ") { GL_ARGUMENTS ";
        if (kernel.source().isEmpty()) {
            return definition + launch.function() + "(a); }\n";
        }
        String call = Kernel.UNNAMED + (parts == 1 ? "_on(a, blockIdx.x); }\n" : "_on(GL_PART(a, " + own + ")); }\n");
        return kernel.source().replace(Kernel.UNNAMED, Kernel.UNNAMED + "_on") + definition + call;
    }
}
