package io.glossa.trainer.objective;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;

/** BEST-RQ's masks: every frame starts a masked span with a small probability, and spans may overlap. */
final class SpanMask {
    private SpanMask() {}

    /** The probability to start a span, of which a share of all frames is masked. */
    static double start(double share, int span) {
        return 1 - Math.pow(1 - share, 1.0 / span);
    }

    /**
     * Draws masks for a batch, for each utterance from its own stream and inside its length. Spans may start before the first frame, so
     * that every frame is masked with the same probability, 1 - (1 - start)^span.
     *
     * @param streams I32 [B]
     * @param real BOOL [B, T]: frames of the utterances
     * @return BOOL [B, T]
     */
    static Tensor draw(Tensor seed, Tensor streams, Tensor real, double start, int span) {
        int frames = real.dim(1);
        Tensor starts = Tensor.uniform(seed, streams, Purpose.SPAN_STARTS, real.dim(0), frames + span - 1);
        Tensor seen = starts.less(starts.constant(start)).cast(DType.I32).cumsum();
        Tensor upToHere = seen.slice(1, span - 1, frames + span - 1);
        Tensor beforeSpan = seen.pad(1, 1, 0).slice(1, 0, frames);
        return beforeSpan.less(upToHere).and(real);
    }
}
