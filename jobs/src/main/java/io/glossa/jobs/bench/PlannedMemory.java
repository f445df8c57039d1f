package io.glossa.jobs.bench;

import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.plan.Asked;
import io.glossa.trainer.plan.DevicePreset;
import io.glossa.trainer.plan.RankPlan;
import io.glossa.trainer.train.TrainBench;

/** What a plan says of the step that is measured. */
final class PlannedMemory {
    private PlannedMemory() {}

    /** Bytes of a rank: on a processor of its process beyond an idle one, on a GPU of its memory. */
    static long bytes(TrainBench.Config config, int ranks) {
        DevicePreset device = DevicePreset.of(config.device().equals("cpu") ? "cpu" : "h200");
        Asked asked = new Asked(
                TrainBench.recipe(config),
                config.seconds() * 100,
                ranks,
                ranks,
                TrainBench.request(config, DeviceRequest.defaultCache()).options());
        RankPlan plan = RankPlan.of(asked, config.sharding(), config.batch(), device);
        return plan.memory().total() + device.process();
    }
}
