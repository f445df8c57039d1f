package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Init;

/** A vector for each symbol: symbols I32 [B, U] → [B, U, width]. */
final class Embedding {
    private final Tensor table;

    /** Declares {@code embedding} [symbols, width]. */
    Embedding(Scope at, int symbols, int width) {
        table = at.parameter("embedding", new Init.Normal(1), symbols, width);
    }

    Tensor apply(Tensor symbols) {
        return table.gather(symbols.reshape(-1)).reshape(symbols.dim(0), symbols.dim(1), table.dim(1));
    }
}
