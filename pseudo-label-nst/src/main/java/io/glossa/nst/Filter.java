package io.glossa.nst;

import java.util.List;
import java.util.Locale;

/** A reason not to learn from a hypothesis. The first in this order that objects gives the verdict. */
public enum Filter {
    /** Something was heard that the teacher has no symbol for: the text lacks it. */
    UNKNOWN_SYMBOL {
        @Override
        boolean objects(Hypothesis hypothesis, FilterConfig config) {
            return hypothesis.hasUnknown();
        }
    },
    /** Nothing was recognised. */
    EMPTY {
        @Override
        boolean objects(Hypothesis hypothesis, FilterConfig config) {
            return hypothesis.words().isEmpty();
        }
    },
    /** Fewer words than that much speech holds: parts were not heard. */
    TOO_SLOW {
        @Override
        boolean objects(Hypothesis hypothesis, FilterConfig config) {
            return hypothesis.wordsPerSecond() < config.minWordsPerSecond();
        }
    },
    /** More words than anyone says in that time. */
    TOO_FAST {
        @Override
        boolean objects(Hypothesis hypothesis, FilterConfig config) {
            return hypothesis.wordsPerSecond() > config.maxWordsPerSecond();
        }
    },
    /** The same words over and over. */
    REPETITIVE {
        @Override
        boolean objects(Hypothesis hypothesis, FilterConfig config) {
            return repeats(hypothesis.words()) > config.maxRepeats();
        }
    },
    /** The teacher was not sure. */
    LOW_CONFIDENCE {
        @Override
        boolean objects(Hypothesis hypothesis, FilterConfig config) {
            return hypothesis.confidence() < config.minConfidence();
        }
    };

    /** The verdict on a hypothesis to which no filter objects. */
    public static final String ACCEPTED = "accepted";

    private static final int LONGEST_PHRASE = 4;

    /** {@link #ACCEPTED}, or the reason of the first filter that objects. */
    public static String verdict(Hypothesis hypothesis, FilterConfig config) {
        for (Filter filter : values()) {
            if (filter.objects(hypothesis, config)) {
                return filter.reason();
            }
        }
        return ACCEPTED;
    }

    /** The word in the lake's column {@code verdict}. */
    public String reason() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    abstract boolean objects(Hypothesis hypothesis, FilterConfig config);

    /** How often a phrase of one to four words at most follows itself without a break. */
    static int repeats(List<String> words) {
        int most = 0;
        for (int n = 1; n <= LONGEST_PHRASE; n++) {
            int same = 0;
            for (int i = n; i < words.size(); i++) {
                same = words.get(i).equals(words.get(i - n)) ? same + 1 : 0;
                most = Math.max(most, same / n);
            }
        }
        return most;
    }
}
