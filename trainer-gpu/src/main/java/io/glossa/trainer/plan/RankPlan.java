package io.glossa.trainer.plan;

import io.glossa.error.GlossaException;
import io.glossa.trainer.autograd.Ranks;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.runtime.Lowered;
import io.glossa.trainer.runtime.MemoryKinds;
import io.glossa.trainer.runtime.ProgramMemory;
import io.glossa.trainer.train.LoweredStep;

/**
 * What one rank does and takes, of the programs that it would run.
 *
 * @param batch utterances in a part, of which each source has its share
 * @param parameters of the model
 * @param memory of its programs, by {@link MemoryKinds}
 * @param program the same, as devices count it, of all its programs together
 * @param launches kernels that it starts in a step
 * @param audio seconds of all ranks in a step
 */
public record RankPlan(
        Sharding sharding,
        int batch,
        long parameters,
        MemoryKinds memory,
        ProgramMemory program,
        Traffic traffic,
        long launches,
        StepTime time,
        double audio) {
    /** Audio hours per hour of all ranks. */
    public double rtfx() {
        return audio / time.seconds();
    }

    /** @throws GlossaException of type USER where activations do not fit into the budget that was asked for */
    public static RankPlan of(Asked asked, Sharding sharding, int utterances, DevicePreset device) {
        Bucket batch = new Bucket(utterances, asked.frames());
        Ranks ranks = new Ranks(new Rank(0, asked.ranks()), sharding);
        LoweredStep step =
                LoweredStep.of(asked.recipe(), batch, asked.partsOfRank(), ranks, device.target(), asked.options());
        StepTime time = StepTime.NONE;
        Traffic traffic = Traffic.NONE;
        long launches = 0;
        for (int i = 0; i < step.programs().size(); i++) {
            int times = step.programs().get(i).times();
            Lowered program = step.lowered().get(i);
            time = time.plus(StepTime.of(program, device, asked.ranks()).times(times));
            traffic = traffic.plus(Traffic.of(program.graph(), asked.ranks()).times(times));
            launches += times * StepTime.launches(program);
        }
        return new RankPlan(
                sharding,
                utterances,
                step.parameters(),
                step.kinds(),
                step.memory(),
                traffic,
                launches,
                time,
                asked.recipe().audioSeconds(batch) * asked.parts());
    }
}
