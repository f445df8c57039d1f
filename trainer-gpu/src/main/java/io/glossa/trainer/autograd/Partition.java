package io.glossa.trainer.autograd;

import io.glossa.trainer.ir.Graph;

/** What the backward part keeps of the forward part, and what it computes again. */
public final class Partition {
    private Partition() {}

    /**
     * Keeps every value that the backward part names; only what fusion finds cheaper to repeat is computed twice. The
     * joint graph shares its nodes already, so it stays as it is.
     */
    public static Graph keepEverything(Graph joint) {
        return joint;
    }
}
