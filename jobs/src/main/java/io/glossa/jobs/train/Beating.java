package io.glossa.jobs.train;

import io.glossa.jobs.heartbeat.Pulse;
import io.glossa.trainer.train.StepListener;
import io.glossa.trainer.train.StepReport;

/**
 * Has heartbeats tell of each step, and tells of no step, and none follow, when another rank was lost, since what was added up then
 * means nothing; all else goes to another listener.
 */
record Beating(Pulse pulse, StepListener others) implements StepListener {
    @Override
    public void onStep(StepReport report) {
        pulse.requireAll();
        pulse.onStep(report);
        others.onStep(report.with(pulse.pace()));
    }

    @Override
    public void onChecksum(long step, int sum) {
        pulse.onChecksum(step, sum);
    }

    @Override
    public void onCheckpoint() {
        others.onCheckpoint();
    }
}
