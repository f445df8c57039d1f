package io.glossa.jobs.train;

import io.glossa.error.GlossaException;
import io.glossa.jobs.heartbeat.Pulse;
import io.glossa.trainer.ranks.LostRank;
import io.glossa.trainer.train.StepListener;
import io.glossa.trainer.train.StepReport;

/** Has heartbeats tell of each step, and no step follow when another rank was lost; all else goes to another listener. */
record Beating(Pulse pulse, StepListener others) implements StepListener {
    @Override
    public void onStep(StepReport report) {
        pulse.onStep(report);
        others.onStep(report);
        pulse.failure().ifPresent(why -> {
            throw GlossaException.resource("Cannot go on training: " + why).causedBy(new LostRank(why));
        });
    }

    @Override
    public void onCheckpoint() {
        others.onCheckpoint();
    }
}
