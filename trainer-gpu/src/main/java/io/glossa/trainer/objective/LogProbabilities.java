package io.glossa.trainer.objective;

import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Trace;

/** Logarithms of all symbols' probabilities, where the most probable one is not enough. */
public final class LogProbabilities {
    /** Their name among a program's outputs: of each frame [B · T, V], or of the next symbol [B, V]. */
    public static final String NAME = "log-probabilities";

    private LogProbabilities() {}

    /** @param logits [..., V] */
    static void declare(Trace trace, Tensor logits) {
        Tensor below = logits.sub(logits.max(-1));
        trace.output(NAME, below.sub(below.exp().sum(-1).log()));
    }
}
