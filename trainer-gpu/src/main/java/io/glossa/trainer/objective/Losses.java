package io.glossa.trainer.objective;

import io.glossa.trainer.ir.Tensor;

/** The composites of the objectives, each alone: what is checked and measured by itself. */
public final class Losses {
    private Losses() {}

    /** (logits [R, V], classes I32 [R]) → [R]. */
    public static Tensor crossEntropy(Tensor logits, Tensor classes) {
        return Tensor.call(new CrossEntropy(), logits, classes);
    }

    /** (rows [R, K·w], codebooks [K, V, w]) → I32 [K, R]. */
    public static Tensor codebookSearch(Tensor rows, Tensor codebooks) {
        return Tensor.call(new CodebookSearch(), rows, codebooks);
    }

    /** (logits [B, T, V], labels I32 [B, U], frames I32 [B], label lengths I32 [B]) → [B]. */
    public static Tensor ctc(Tensor logits, Tensor labels, Tensor frames, Tensor labelLengths) {
        return Tensor.call(new CtcNll(), logits, labels, frames, labelLengths);
    }

    /**
     * (e [B, T, J], p [B, U + 1, J], w [J, V], b [V], labels I32 [B, U], frames I32 [B], label lengths I32 [B]) → [B]: the
     * transducer's, joint network and all.
     */
    public static Tensor transducer(Tensor... in) {
        return Transducer.losses(Tensor.call(new Transducer(), in), in[0].dim(0));
    }

    /** x [..., n] → I32 [...]. */
    public static Tensor argMax(Tensor x) {
        return Tensor.call(new ArgMax(), x);
    }

    /** Independent normal numbers from a seed I32 [] and streams, I32 [] or one for each part along the first axis. */
    public static Tensor noise(Tensor seed, Tensor streams, int... dims) {
        return Gaussian.noise(seed, streams, Purpose.MASK_NOISE, dims);
    }
}
