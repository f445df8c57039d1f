package io.glossa.trainer.objective;

import io.glossa.error.GlossaException;
import io.glossa.trainer.runtime.Philox;
import java.util.Arrays;

/**
 * How long the symbols of a text are that nobody spoke, in encoder frames of 40 ms. What is injected without up-sampling brings
 * nothing, and how it is up-sampled hardly matters (Sainath et al., "JOIST", 2022, arXiv 2210.07353); lengths at random are often
 * better than those a model learned (Zeyer et al. 2026, arXiv 2604.26514).
 *
 * @param kind how frames are dealt to symbols
 * @param framesPerSymbol on average, above 0
 */
public record Durations(Kind kind, double framesPerSymbol) {
    /** How frames are dealt to symbols. */
    public enum Kind {
        /** One to each, and each of the others to one of them by chance. */
        RANDOM,

        /** As evenly as whole frames allow. */
        FIXED
    }

    public Durations {
        if (!(framesPerSymbol > 0 && framesPerSymbol <= 1000)) {
            throw GlossaException.user("Cannot lay out texts: found frames-per-symbol=" + framesPerSymbol
                    + ", expected a number above 0, and at most 1000 (frames of 40 ms)");
        }
    }

    /** Encoder frames of a text of so many symbols, at least 1. */
    public int frames(int symbols) {
        return Math.toIntExact(Math.max(1, Math.round(symbols * framesPerSymbol)));
    }

    /**
     * The frame at which each symbol starts: the first at 0, the others in order. Of more symbols than frames each frame has at
     * least one, dealt in the same way; those that start in one frame are all to be recognised, but the text encoder sees the last alone.
     *
     * @param symbols 0 or more
     * @param frames that they are laid out over, at least 1
     * @param stream of random numbers: see {@link io.glossa.trainer.data.Utterance#stream}
     */
    public int[] starts(int symbols, int frames, int seed, int stream) {
        int[] starts = new int[symbols];
        if (symbols <= frames) {
            int[] durations = dealt(frames, symbols, seed, stream);
            for (int u = 1; u < symbols; u++) {
                starts[u] = starts[u - 1] + durations[u - 1];
            }
        } else {
            int[] here = dealt(symbols, frames, seed, stream);
            int from = 0;
            for (int t = 0; t < frames; t++) {
                Arrays.fill(starts, from, from + here[t], t);
                from += here[t];
            }
        }
        return starts;
    }

    /** How many of so many things each of so few gets. */
    private int[] dealt(int things, int among, int seed, int stream) {
        int[] counts = new int[among];
        if (kind == Kind.FIXED) {
            for (int i = 0; i < among; i++) {
                counts[i] = (int) ((i + 1L) * things / among - (long) i * things / among);
            }
        } else if (among > 0) {
            Arrays.fill(counts, 1);
            for (double u : Philox.uniforms(seed, stream, Purpose.DURATIONS, things - among)) {
                counts[(int) (u * among)]++;
            }
        }
        return counts;
    }
}
