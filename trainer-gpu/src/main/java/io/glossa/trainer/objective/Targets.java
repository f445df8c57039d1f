package io.glossa.trainer.objective;

import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Trace;

/**
 * The texts that a batch is to spell.
 *
 * @param labels I32 [B, U]: symbols from 1, zeros beyond the length
 * @param lengths I32 [B]
 */
record Targets(Tensor labels, Tensor lengths) {
    static Targets of(Trace trace, Bucket bucket) {
        int rows = bucket.utterances();
        return new Targets(
                trace.batch(Inputs.LABELS, DType.I32, rows, bucket.labels()),
                trace.batch(Inputs.LABEL_LENGTHS, DType.I32, rows));
    }

    /** F32 [B]. */
    Tensor counts() {
        return lengths.cast(DType.F32);
    }

    /** Losses of utterances [B], each divided by how many labels it has, but by 1 if it has none. */
    Tensor perLabel(Tensor losses) {
        return losses.mul(counts().maximum(losses.constant(1)).reciprocal());
    }
}
