package io.glossa.trainer.runtime.host;

import com.sun.jna.NativeLibrary;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * Functions for this machine's processor, by its C++ compiler.
 *
 * @param as what a function is loaded as
 */
public record NativeFunctions<F>(Toolchain toolchain, Function<com.sun.jna.Function, F> as)
        implements FunctionCache.Builder<F> {
    @Override
    public String identity() {
        return toolchain.identity();
    }

    @Override
    public Path library(String family, String text) {
        return toolchain.library(family, text, List.of());
    }

    @Override
    public F load(Path library, String function) {
        return as.apply(NativeLibrary.getInstance(library.toString()).getFunction(function));
    }

    @Override
    public void damaged(Path library) {
        toolchain.damaged(library);
    }
}
