package io.glossa.trainer.train;

import io.glossa.trainer.autograd.Entry;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.autograd.Ranks;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One of the programs of a training step, which a rank runs one after the other.
 *
 * @param name with what it does of the step
 * @param source whose batches it reads; empty: it updates what several have added up
 * @param times that a rank runs it in a step, at most
 * @param graph declares on a trace what it needs, and computes it
 */
public record StepProgram(String name, Optional<StepRecipe.Source> source, int times, Function<Trace, Graph> graph) {
    /**
     * Those of a step.
     *
     * @param batch extents of a part
     * @param parts that a rank with most of them has
     */
    public static List<StepProgram> of(StepRecipe recipe, Bucket batch, int parts, Ranks ranks) {
        return recipe.hasStreams() ? ofStreams(recipe, batch, parts, ranks) : ofOne(recipe, batch, parts, ranks);
    }

    /** What a state has for all of them. */
    public static Trace declared(StepRecipe recipe, Bucket batch, int parts, Ranks ranks) {
        List<StepProgram> programs = of(recipe, batch, parts, ranks);
        Trace trace = new Trace();
        programs.get(programs.size() - 1).graph().apply(trace); // who updates has all
        return trace;
    }

    private static List<StepProgram> ofOne(StepRecipe recipe, Bucket batch, int parts, Ranks ranks) {
        StepRecipe.Source source = recipe.sources().get(0);
        Program program = LargestBatch.training(source.objective(), batch, recipe.optimizer());
        return parts == 1
                ? List.of(of(program, source, Entry.STEP, 1, ranks))
                : List.of(
                        of(program, source, Entry.GRADIENTS, parts, ranks), of(program, source, Entry.APPLY, 1, ranks));
    }

    private static List<StepProgram> ofStreams(StepRecipe recipe, Bucket batch, int parts, Ranks ranks) {
        List<StepProgram> programs = new ArrayList<>();
        List<Program> streams = new ArrayList<>();
        for (StepRecipe.Source source : recipe.sources()) {
            Bucket bucket = source.bucket(batch);
            Program program = Program.stream(
                    source.name(),
                    source.name() + "-" + bucket.name(),
                    trace -> source.objective().trace(trace, bucket),
                    recipe.optimizer());
            streams.add(program);
            programs.add(of(program, source, Entry.WEIGHT, parts, ranks));
            if (ranks.own().count() > 1) {
                programs.add(of(program, source, Entry.SHARE, 1, ranks));
            }
            programs.add(of(program, source, Entry.GRADIENTS, parts, ranks));
            programs.add(of(program, source, Entry.APPLY, 1, ranks));
        }
        programs.add(new StepProgram(
                "streams" + Entry.APPLY.suffix(), Optional.empty(), 1, trace -> Joint.update(streams, trace, ranks)));
        return programs;
    }

    private static StepProgram of(Program program, StepRecipe.Source source, Entry entry, int times, Ranks ranks) {
        return new StepProgram(
                program.name() + entry.suffix(),
                Optional.of(source),
                times,
                trace -> Joint.graph(program, trace, entry, ranks));
    }
}
