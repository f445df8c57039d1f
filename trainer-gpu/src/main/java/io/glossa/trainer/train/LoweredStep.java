package io.glossa.trainer.train;

import io.glossa.error.GlossaException;
import io.glossa.trainer.autograd.Ranks;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Lowered;
import io.glossa.trainer.runtime.MemoryKinds;
import io.glossa.trainer.runtime.ProgramMemory;
import io.glossa.trainer.runtime.Target;
import io.glossa.trainer.trace.Trace;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * The programs of a training step through the compiler's passes.
 *
 * @param lowered one for each program
 * @param declared what a state has for them
 */
public record LoweredStep(List<StepProgram> programs, List<Lowered> lowered, Trace declared, Target target) {
    /**
     * As {@link StepProgram#of} has them.
     *
     * @throws GlossaException of type USER where activations do not fit into the budget of the options
     */
    public static LoweredStep of(
            StepRecipe recipe, Bucket batch, int parts, Ranks ranks, Target target, Compile.Options options) {
        List<StepProgram> programs = StepProgram.of(recipe, batch, parts, ranks);
        List<Lowered> lowered = programs.stream()
                .map(each -> Compile.lowered(each.name(), each.graph().apply(new Trace()), target, options, Dumps.NONE))
                .toList();
        return new LoweredStep(programs, lowered, StepProgram.declared(recipe, batch, parts, ranks), target);
    }

    /** What a device has for them. */
    public ProgramMemory memory() {
        return ProgramMemory.of(lowered, declared, target, staging());
    }

    /** The same by kind. */
    public MemoryKinds kinds() {
        return MemoryKinds.of(lowered, declared, target, staging());
    }

    /** The one whose activations take most. */
    public Lowered largest() {
        return Collections.max(
                lowered, Comparator.comparingLong(each -> each.arena().bytes()));
    }

    /** Numbers that are learned. */
    public long parameters() {
        return declared.whole(Attr.Role.PARAMETER).values().stream()
                .mapToLong(type -> type.shape().size())
                .sum();
    }

    /** Bytes of batches on their way: where a program follows itself, one arrives while another is in use. */
    private long staging() {
        long bytes = 0;
        for (int i = 0; i < programs.size(); i++) {
            boolean again = programs.size() == 1 || programs.get(i).times() > 1;
            bytes += (again ? 2 : 1) * batch(lowered.get(i));
        }
        return bytes;
    }

    private static long batch(Lowered program) {
        return program.graph().inputs().stream()
                .filter(input -> input.attr(Attr.Input.class).role() == Attr.Role.BATCH)
                .map(Node::type)
                .mapToLong(type -> type.bytes())
                .sum();
    }
}
