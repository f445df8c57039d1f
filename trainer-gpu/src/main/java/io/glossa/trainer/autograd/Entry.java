package io.glossa.trainer.autograd;

/** What of a training step a program does. */
public enum Entry {
    /** All of it: a batch of one part per rank. */
    STEP(""),
    /** Adds what one part of a batch adds to gradients and metrics. */
    GRADIENTS("-gradients"),
    /** Takes what all parts added, over all ranks, updates the model, and begins again from zero; of a stream, says its metrics. */
    APPLY("-apply"),
    /** Of a stream, adds what a part of a batch weighs. */
    WEIGHT("-weight"),
    /** Of a stream, makes of this rank's weight that of all ranks. */
    SHARE("-share");

    private final String suffix;

    Entry(String suffix) {
        this.suffix = suffix;
    }

    /** Behind the name of a program. */
    public String suffix() {
        return suffix;
    }
}
