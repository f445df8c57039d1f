package io.glossa.trainer.train;

/** Told of every training step, on the thread that trains. */
public interface StepListener {
    void onStep(StepReport report);

    /** Of a step that left the model as it was, before {@link #onStep}. */
    default void onSkipped(SkippedStep step) {}

    /** Before a checkpoint is written: what was told until here is not told again to who goes on from it. */
    default void onCheckpoint() {}
}
