package io.glossa.trainer.train;

/** Told of every training step, on the thread that trains. */
public interface StepListener {
    void onStep(StepReport report);

    /** Of a step that left the model as it was, before {@link #onStep}. */
    default void onSkipped(SkippedStep step) {}

    /**
     * Where ranks train together: what comes of the model on this one after so many steps, of which all ranks are told at the same
     * steps, the first of which is where training begins or goes on.
     *
     * @param sum the same on all ranks, unless something is wrong with one
     */
    default void onChecksum(long step, int sum) {}

    /** Before a checkpoint is written: what was told until here is not told again to who goes on from it. */
    default void onCheckpoint() {}
}
