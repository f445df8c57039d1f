package io.glossa.trainer.train;

/** Told of every training step, on the thread that trains. */
public interface StepListener {
    void onStep(StepReport report);
}
