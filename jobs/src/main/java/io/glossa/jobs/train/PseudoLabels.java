package io.glossa.jobs.train;

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

    public PseudoLabels {
        if (generation < 0 || !(weight > 0 && weight <= 1000)) {
            throw GlossaException.user("Cannot train on pseudo-labels of generation " + generation + " at weight "
                    + weight + ", expected a generation from 1 and a weight above 0");
        }
    }

    boolean used() {
        return generation > 0;
    }

    /** How often an utterance is seen in a pass. */
    int times(String utterance) {
        return Copies.of(weight, utterance);
    }
}
