package io.glossa.trainer.runtime;

import io.glossa.error.GlossaException;
import io.glossa.trainer.autograd.Entry;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.autograd.Partition;
import io.glossa.trainer.autograd.Ranks;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.emit.Together;
import io.glossa.trainer.fuse.ArenaPlan;
import io.glossa.trainer.fuse.Bf16Storage;
import io.glossa.trainer.fuse.Fuse;
import io.glossa.trainer.fuse.GatheredOnce;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.fuse.Schedule;
import io.glossa.trainer.fuse.VerifyPlan;
import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.ir.Verify;
import io.glossa.trainer.lower.BiasesInProducts;
import io.glossa.trainer.lower.CanonicalReductions;
import io.glossa.trainer.lower.Decompose;
import io.glossa.trainer.lower.F8Products;
import io.glossa.trainer.lower.JoinedProducts;
import io.glossa.trainer.lower.MixedPrecision;
import io.glossa.trainer.lower.OutputsBeforeUpdates;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The pipeline, from Java model code to a runnable program. */
public final class Compile {
    /** Plans that are tried to keep a budget: reductions computed again, then products where memory is short. */
    private static final int ATTEMPTS = 2;

    /** Operations in a row that cost less time than memory traffic, and as many as anyone will want to repeat. */
    private static final int SHORT = 24;

    private static final int LONG = 96;

    /** What is computed again for the sake of speed. */
    private static final Partition.Repeat FAST =
            new Partition.Repeat(node -> node.kind() == Op.Kind.POINTWISE, SHORT, Partition.Aim.SPEED);

    /** Whether neighbouring nodes share a kernel; separate ones are what fusion is tested against. */
    public enum Grouping {
        FUSED,
        SEPARATE
    }

    /**
     * What a device is asked for beside the program.
     *
     * @param activationBytes budget for the memory of activations: what does not fit is computed again
     */
    public record Options(Grouping grouping, Precision precision, long activationBytes) {
        public static final Options DEFAULTS = new Options(Grouping.FUSED, Precision.FP32, Long.MAX_VALUE);

        public Options with(Precision other) {
            return new Options(grouping, other, activationBytes);
        }
    }

    private Compile() {}

    /** Captures, differentiates, lowers, fuses, plans, emits and builds a program for a device. */
    public static Executable program(Program program, Trace trace, Device device) {
        return program(program, trace, Entry.STEP, Sharding.NONE, device);
    }

    /**
     * As above.
     *
     * @param entry what it does of a step
     * @param sharding what of the model each rank has a part of
     */
    public static Executable program(Program program, Trace trace, Entry entry, Sharding sharding, Device device) {
        Graph graph = Joint.graph(program, trace, entry, new Ranks(device.rank(), sharding));
        return device.load(program.name() + entry.suffix(), graph);
    }

    /** The update of a step of several streams: {@link Joint#update}. */
    public static Executable update(String name, List<Program> streams, Trace trace, Sharding sharding, Device device) {
        Graph graph = Joint.update(streams, trace, new Ranks(device.rank(), sharding));
        return device.load(name + Entry.APPLY.suffix(), graph);
    }

    /**
     * The passes between the joint graph and the compiler of a device that runs emitted kernels.
     *
     * @throws GlossaException of type USER if activations are over the budget even with all computed again that may be
     */
    public static Lowered lowered(String name, Graph joint, Target target, Options options, Dumps dumps) {
        Graph graph = dumps.graph(name, "joint", Verify.graph(OutputsBeforeUpdates.apply(joint)));
        if (options.precision().isF8()) {
            graph = dumps.graph(name, "fp8", Verify.graph(F8Products.apply(graph)));
        }
        graph = dumps.graph(
                name,
                "decompose",
                Verify.graph(target.lowered(Decompose.apply(
                        graph,
                        (composite, inputs) -> target.hasKernel(composite, operands(composite, inputs, options))))));
        if (options.precision().isMixed()) {
            graph = dumps.graph(name, "precision", Verify.graph(MixedPrecision.apply(graph)));
        }
        graph = dumps.graph(
                name, "canonical", Verify.graph(CanonicalReductions.apply(graph, target.parallelism(), target.wave())));
        if (target.storesBf16() && options.precision().isMixed() && options.grouping() == Grouping.FUSED) {
            graph = dumps.graph(name, "biases", Verify.graph(BiasesInProducts.apply(graph)));
            graph = dumps.graph(name, "joined", Verify.graph(JoinedProducts.apply(graph)));
            Graph cut = Partition.apply(graph, FAST);
            graph = Bf16Storage.apply(graph, cut, Fuse.apply(cut, target.hardware()));
            graph = dumps.graph(name, "storage", Verify.graph(graph));
        }
        return withinBudget(name, graph, target, options, dumps);
    }

    /** The types that a composite will see once products are rounded. */
    private static List<Type> operands(Composite composite, List<Type> inputs, Options options) {
        return options.precision().isMixed() && composite.isProduct()
                ? MixedPrecision.operands(composite, inputs)
                : inputs;
    }

    /** From the fastest program to the smallest: the first that keeps the budget. */
    private static Lowered withinBudget(String name, Graph graph, Target target, Options options, Dumps dumps) {
        Predicate<Node> reductions = FAST.allowed().or(node -> node.kind() == Op.Kind.REDUCTION);
        Lowered best = planned(name, graph, FAST, target, options, dumps);
        for (int attempt = 1; attempt <= ATTEMPTS && best.arena().bytes() > options.activationBytes(); attempt++) {
            Set<Node> crowded = best.arena().atPeak();
            Predicate<Node> products = node -> node.op() == Op.MATMUL && crowded.contains(node);
            Predicate<Node> allowed = attempt == 1 ? reductions : reductions.or(products);
            Lowered next = planned(
                    name, graph, new Partition.Repeat(allowed, LONG, Partition.Aim.MEMORY), target, options, dumps);
            best = next.arena().bytes() < best.arena().bytes() ? next : best;
        }
        if (best.arena().bytes() > options.activationBytes()) {
            throw GlossaException.user("Cannot fit the activations of program '" + name + "' into "
                    + DeviceMemory.text(options.activationBytes()) + ": found "
                    + DeviceMemory.text(best.arena().bytes())
                    + " with all computed again that may be, expected a budget of that or more (or a smaller batch)");
        }
        return best;
    }

    private static Lowered planned(
            String name, Graph joint, Partition.Repeat repeat, Target target, Options options, Dumps dumps) {
        Graph cut = Verify.graph(Partition.apply(joint, repeat));
        Schedule first = schedule(cut, target, options);
        Graph graph = dumps.graph(name, "partition", GatheredOnce.apply(cut, first.order()));
        Schedule ordered = dumps.schedule(name, graph == cut ? first : schedule(graph, target, options));
        List<Kernel> kernels = Together.of(ordered.order().parallelStream()
                .map(group -> target.kernel(group, ordered.inPlace()))
                .toList());
        Schedule schedule = ordered.in(kernels.stream().map(Kernel::groups).toList());
        ArenaPlan arena = VerifyPlan.check(schedule, ArenaPlan.of(graph, schedule, target.alignment()));
        return new Lowered(name, graph, schedule, dumps.kernels(name, kernels), arena);
    }

    private static Schedule schedule(Graph graph, Target target, Options options) {
        List<Group> groups =
                options.grouping() == Grouping.FUSED ? Fuse.apply(graph, target.hardware()) : Fuse.unfused(graph);
        return Schedule.of(graph, groups);
    }
}
