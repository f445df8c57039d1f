package io.glossa.trainer.objective;

import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.trace.Trace;

/** A model with one loss. Implementations are records: two equal ones give equal programs. */
public interface Objective extends Recipe {
    /** Declares inputs, the loss and metrics for one bucket. */
    void trace(Trace trace, Bucket bucket);

    /**
     * Floating-point operations of the products of a training step, by the formulas of {@link Flops}.
     *
     * @param labels of each utterance, where it has some
     */
    double flop(Bucket bucket, int labels);
}
