package io.glossa.nst;

import io.glossa.error.GlossaException;
import java.io.Serializable;

/**
 * Which hypotheses to keep.
 *
 * @param minConfidence least {@link Hypothesis#confidence}
 * @param minWordsPerSecond slowest speech
 * @param maxWordsPerSecond fastest speech
 * @param maxRepeats how often the same words may follow themselves: 1 is "no no"
 */
public record FilterConfig(double minConfidence, double minWordsPerSecond, double maxWordsPerSecond, int maxRepeats)
        implements Serializable {
    /** Loose bounds of human speech. */
    public static final FilterConfig DEFAULTS = new FilterConfig(0.5, 0.3, 6, 3);

    public FilterConfig {
        if (minConfidence < 0 || minConfidence > 1) {
            throw GlossaException.user(
                    "Cannot set 'min-confidence': found " + minConfidence + ", expected a number from 0 to 1");
        }
        if (minWordsPerSecond < 0 || maxWordsPerSecond <= minWordsPerSecond) {
            throw GlossaException.user("Cannot set 'max-words-per-second': found " + maxWordsPerSecond
                    + ", expected more than min-words-per-second, which is " + minWordsPerSecond);
        }
        if (maxRepeats < 0) {
            throw GlossaException.user("Cannot set 'max-repeats': found " + maxRepeats + ", expected 0 or more");
        }
    }
}
