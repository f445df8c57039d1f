package io.glossa.trainer.runtime.host;

import io.glossa.trainer.runtime.Lowered;
import java.util.function.Supplier;

/** What the passes make of a program, made when it is first asked for: a run with a known plan never asks. */
public final class LazyLowered implements Supplier<Lowered> {
    private final Supplier<Lowered> passes;
    private Lowered made;

    public LazyLowered(Supplier<Lowered> passes) {
        this.passes = passes;
    }

    @Override
    public Lowered get() {
        if (made == null) {
            made = passes.get();
        }
        return made;
    }
}
