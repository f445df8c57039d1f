package io.glossa.trainer.plan;

import io.glossa.error.GlossaException;
import io.glossa.trainer.autograd.Entry;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.autograd.Ranks;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Lowered;
import io.glossa.trainer.runtime.MemoryKinds;
import io.glossa.trainer.runtime.ProgramMemory;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import io.glossa.trainer.train.LargestBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * What one rank does and takes, of the programs that it would run.
 *
 * @param batch utterances in a part
 * @param parameters of the model
 * @param memory of its programs, by {@link MemoryKinds}
 * @param program the same, as devices count it, of all its programs together
 * @param audio seconds of all ranks in a step
 */
public record RankPlan(
        Sharding sharding,
        int batch,
        long parameters,
        MemoryKinds memory,
        ProgramMemory program,
        Traffic traffic,
        StepTime time,
        double audio) {
    /** Audio hours per hour of all ranks. */
    public double rtfx() {
        return audio / time.seconds();
    }

    /** @throws GlossaException of type USER where activations do not fit into the budget that was asked for */
    public static RankPlan of(Asked asked, Sharding sharding, int utterances, DevicePreset device) {
        Bucket bucket = new Bucket(utterances, asked.frames());
        Program program = LargestBatch.training(asked.objective(), bucket, asked.optimizer());
        Ranks ranks = new Ranks(new Rank(0, asked.ranks()), sharding);
        Entry entry = asked.partsOfRank() > 1 ? Entry.GRADIENTS : Entry.STEP;
        Trace declared = Joint.declared(program, entry, ranks);
        Lowered part = lowered(asked, program, entry, ranks, device);
        List<Lowered> programs = new ArrayList<>(List.of(part));
        StepTime time = StepTime.of(part, device, asked.ranks()).times(asked.partsOfRank());
        Traffic traffic = Traffic.of(part.graph(), asked.ranks());
        if (entry == Entry.GRADIENTS) {
            Lowered update = lowered(asked, program, Entry.APPLY, ranks, device);
            time = time.plus(StepTime.of(update, device, asked.ranks()));
            traffic = Traffic.of(update.graph(), asked.ranks());
            programs.add(update);
        }
        long parameters = declared.declared(Attr.Role.PARAMETER).values().stream()
                .mapToLong(type -> type.shape().size())
                .sum();
        double audio = asked.frames() / Bucket.FRAMES_PER_SECOND * utterances * asked.parts();
        return new RankPlan(
                sharding,
                utterances,
                parameters,
                MemoryKinds.of(programs, declared, device.target()),
                ProgramMemory.of(programs, declared, device.target()),
                traffic,
                time,
                audio);
    }

    private static Lowered lowered(Asked asked, Program program, Entry entry, Ranks ranks, DevicePreset device) {
        return Compile.lowered(
                program.name() + entry.suffix(),
                Joint.graph(program, new Trace(), entry, ranks),
                device.target(),
                asked.options(),
                Dumps.NONE);
    }
}
