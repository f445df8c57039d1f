package io.glossa.jobs.train;

import io.glossa.trainer.data.Rank;
import io.glossa.trainer.train.SkippedStep;
import io.glossa.trainer.train.StepListener;
import io.glossa.trainer.train.StepReport;

/** Says on standard error which steps were left out, and what this rank had in them; all else goes to another listener. */
record SkipNotes(String job, Rank rank, StepListener others) implements StepListener {
    @Override
    public void onSkipped(SkippedStep step) {
        System.err.println(job + " left out step " + step.step() + ": its gradient-norm is " + step.gradientNorm()
                + "; rank " + rank.index() + " had utterances " + String.join(" ", step.utterances()));
    }

    @Override
    public void onStep(StepReport report) {
        others.onStep(report);
    }

    @Override
    public void onChecksum(long step, int sum) {
        others.onChecksum(step, sum);
    }

    @Override
    public void onCheckpoint() {
        others.onCheckpoint();
    }
}
