package io.glossa.jobs.train;

import io.glossa.config.Sha256;
import io.glossa.error.GlossaException;
import java.io.Serializable;

/**
 * Which pseudo-labels a student learns from.
 *
 * @param generation whose accepted labels are used; 0: none
 * @param weight how often each is seen in a pass, relative to an utterance that a person transcribed
 */
public record PseudoLabels(int generation, double weight) implements Serializable {
    public static final PseudoLabels NONE = new PseudoLabels(0, 1);

    private static final int HASH_DIGITS = 13;

    public PseudoLabels {
        if (generation < 0 || !(weight > 0 && weight <= 1000)) {
            throw GlossaException.user("Cannot train on pseudo-labels of generation " + generation + " at weight "
                    + weight + ", expected a generation from 1 and a weight above 0");
        }
    }

    boolean used() {
        return generation > 0;
    }

    /**
     * How often an utterance is seen in a pass: the weight where it is whole, else one more for a fixed share of the
     * utterances, which the hash of the id chooses.
     */
    int times(String utterance) {
        int whole = (int) weight;
        long hash = Long.parseLong(Sha256.of(utterance).substring(0, HASH_DIGITS), 16);
        return whole + (hash * Math.pow(2, -4 * HASH_DIGITS) < weight - whole ? 1 : 0);
    }
}
