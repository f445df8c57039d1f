package io.glossa.trainer.objective;

import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Trace;
import java.util.Arrays;

/**
 * The most probable symbol by logits [..., V], and how probable it is.
 *
 * @param symbol I32 [...]
 * @param logProbability F32 [...]
 */
public record Best(Tensor symbol, Tensor logProbability) {
    /** The name of the symbols among a program's outputs. */
    public static final String SYMBOL = "best";

    public static final String LOG_PROBABILITY = "log-probability";

    static Best of(Tensor logits) {
        Tensor normaliser = logits.sub(logits.max(-1)).exp().sum(-1).log();
        int[] rows = Arrays.copyOf(logits.shape().dims(), logits.rank() - 1);
        return new Best(Tensor.call(new ArgMax(), logits), normaliser.neg().reshape(rows));
    }

    /** Declares both as outputs. */
    void declare(Trace trace) {
        trace.output(SYMBOL, symbol);
        trace.output(LOG_PROBABILITY, logProbability);
    }
}
