package io.glossa.trainer.runtime;

import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.autograd.Partition;
import io.glossa.trainer.emit.Emit;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.fuse.ArenaPlan;
import io.glossa.trainer.fuse.Fuse;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.fuse.Schedule;
import io.glossa.trainer.fuse.VerifyPlan;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Verify;
import io.glossa.trainer.lower.CanonicalReductions;
import io.glossa.trainer.lower.Decompose;
import io.glossa.trainer.lower.MixedPrecision;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.List;

/** The pipeline, from Java model code to a runnable program. */
public final class Compile {
    /** Whether neighbouring nodes share a kernel; separate ones are what fusion is tested against. */
    public enum Grouping {
        FUSED,
        SEPARATE
    }

    /** What a device is asked for beside the program. */
    public record Options(Grouping grouping, Precision precision) {
        public static final Options DEFAULTS = new Options(Grouping.FUSED, Precision.FP32);
    }

    private Compile() {}

    /** Captures, differentiates, lowers, fuses, plans, emits and builds a program for a device. */
    public static Executable program(Program program, Trace trace, Device device) {
        Graph graph = Joint.graph(program, trace);
        return device.load(program.name(), graph);
    }

    /** The passes between the joint graph and the compiler of a device that runs emitted kernels. */
    public static Lowered lowered(String name, Graph joint, Options options, Dumps dumps) {
        Graph graph = dumps.graph(name, "joint", Verify.graph(joint));
        graph = dumps.graph(
                name,
                "decompose",
                Verify.graph(Decompose.apply(
                        graph,
                        (composite, inputs) -> composite.cpuKernel(inputs).isPresent())));
        if (options.precision() == Precision.BF16) {
            graph = dumps.graph(name, "precision", Verify.graph(MixedPrecision.apply(graph)));
        }
        graph = dumps.graph(name, "canonical", Verify.graph(CanonicalReductions.apply(graph)));
        graph = dumps.graph(name, "partition", Verify.graph(Partition.apply(graph, Partition.Recompute.POINTWISE)));
        List<Group> groups = options.grouping() == Grouping.FUSED ? Fuse.apply(graph) : Fuse.unfused(graph);
        Schedule schedule = dumps.schedule(name, Schedule.of(graph, groups));
        ArenaPlan arena = VerifyPlan.check(schedule, ArenaPlan.of(graph, schedule));
        List<Kernel> kernels = schedule.order().stream()
                .map(group -> Emit.kernel(group, schedule.inPlace()))
                .toList();
        return new Lowered(name, graph, schedule, dumps.kernels(name, kernels), arena);
    }
}
