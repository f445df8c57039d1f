package io.glossa.trainer.objective;

import io.glossa.error.GlossaException;

/**
 * BEST-RQ (Chiu et al. 2022, arXiv 2202.01855) with several codebooks ("Google USM", §2.2).
 *
 * @param codebooks quantisers, each with a head of its own
 * @param codes entries of a codebook
 * @param codeDim width of an entry
 * @param capacity share of the frames that the heads see, whose masked frames beyond it are dropped; 0: as many as drop
 *     fewer than one masked frame in a thousand
 * @param maskStart probability that a 40 ms frame starts a span
 * @param maskSpan 40 ms frames in a span
 * @param noise standard deviation of what stands in for masked features
 */
public record BestRqConfig(
        int codebooks, int codes, int codeDim, double capacity, double maskStart, int maskSpan, double noise) {
    public static final BestRqConfig DEFAULTS = new BestRqConfig(16, 8192, 16, 0, 0.04, 10, 0.1);

    public BestRqConfig {
        if (codebooks < 1 || codes < 2 || codeDim < 1 || maskSpan < 1) {
            throw GlossaException.user("Cannot build codebooks: found " + codebooks + " of " + codes
                    + " codes of width " + codeDim + ", spans of " + maskSpan + ", expected at least 1, 2, 1 and 1");
        }
        if (!(capacity >= 0 && capacity <= 1 && maskStart > 0 && maskStart < 1)) {
            throw GlossaException.user("Cannot draw masks: found capacity " + capacity + " and start probability "
                    + maskStart + ", expected shares between 0 and 1");
        }
    }

    /** The same with another capacity. */
    public BestRqConfig withCapacity(double share) {
        return new BestRqConfig(codebooks, codes, codeDim, share, maskStart, maskSpan, noise);
    }

    /** Rows that the heads have for a batch of so many utterances of so many 40 ms frames. */
    public int rows(int utterances, int frames) {
        int all = utterances * frames;
        int wanted = capacity > 0
                ? (int) (capacity * all)
                : MaskedShare.of(utterances, frames, maskStart, maskSpan).rows();
        return Math.max(1, Math.min(all, wanted));
    }
}
