package io.glossa.trainer.train;

/**
 * What a model has of an utterance, or of a text that nobody spoke.
 *
 * @param statistics whether the front end's mean and deviation are of it, too, which are known before the first step
 * @param first the step, from 1, that learned from it first; 0: none did
 * @param count how many times it was learned from
 */
public record Exposure(boolean statistics, long first, long count) {
    public static final Exposure NONE = new Exposure(false, 0, 0);

    /** Whether the model has anything of it. */
    public boolean isAny() {
        return statistics || count > 0;
    }

    /** Of both: of two copies, or in two streams. */
    public Exposure and(Exposure other) {
        long earlier = first == 0 || other.first == 0 ? Math.max(first, other.first) : Math.min(first, other.first);
        return new Exposure(statistics || other.statistics, earlier, count + other.count);
    }
}
