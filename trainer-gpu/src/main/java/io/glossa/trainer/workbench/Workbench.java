package io.glossa.trainer.workbench;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.KernelTime;
import io.glossa.trainer.runtime.Lowered;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.Target;
import io.glossa.trainer.trace.Trace;
import java.util.ArrayList;
import java.util.List;

/** One kernel alone: checked at awkward extents, timed at those of a training step. */
public final class Workbench {
    private static final int RUNS = 20;

    /**
     * A kernel's times.
     *
     * @param kernels of the program, each in its fastest run
     * @param seconds of all of them but casts of inputs, which in a training step are part of other kernels
     * @param bytes that must be moved at least
     * @param flop that must be computed at least
     * @param floor seconds that these take at least
     */
    public record Timing(
            List<KernelTime> kernels, double seconds, double bytes, double flop, double floor, Peak peak) {}

    private Workbench() {}

    /** The largest difference from the reference at awkward extents, relative to the largest value, or to 1. */
    public static double difference(Device device, WorkbenchKernel kernel) {
        double small = Parity.worst(device, kernel.at(Extents.SMALL));
        return Math.max(small, Parity.worst(device, kernel.at(Extents.SMALLEST)));
    }

    /** The largest difference that is rounding, where the reference does not round on the way. */
    public static double tolerance(Precision precision) {
        return precision.isMixed() ? 0.05 : 5e-5;
    }

    /** Runs the kernel again and again. The device must measure its kernels. */
    public static Timing time(Device device, WorkbenchKernel kernel, Extents extents, Precision precision) {
        KernelCase work = kernel.at(extents);
        Trace trace = new Trace();
        Graph graph = work.graph(trace);
        List<KernelTime> fastest = new ArrayList<>();
        try (State state = device.allocate(trace.initial(1));
                Executable program = device.load("workbench-" + kernel.title(), graph)) {
            program.run(state, work.batch());
            List<KernelTime> before = program.times();
            for (int run = 0; run < RUNS; run++) {
                program.run(state, work.batch());
                List<KernelTime> after = program.times();
                keepFastest(fastest, before, after);
                before = after;
            }
        }
        if (fastest.isEmpty()) {
            throw GlossaException.user("Cannot time kernel '" + kernel.title() + "' on device '" + device.name()
                    + "': it does not measure, expected cpu or cuda");
        }
        Peak peak = Peak.of(device, precision);
        double bytes = work.bytes(kernel.elementBytes(precision));
        double seconds = fastest.stream()
                .filter(each -> !isCast(each))
                .mapToDouble(KernelTime::seconds)
                .sum();
        return new Timing(fastest, seconds, bytes, work.flop(), peak.seconds(bytes, work.flop()), peak);
    }

    /** Builds the kernel for the device without running it. */
    public static void build(Device device, WorkbenchKernel kernel, Extents extents) {
        device.load("workbench-" + kernel.title(), kernel.at(extents).graph(new Trace()))
                .close();
    }

    /** What the compiler makes of the kernel for a target. */
    public static Lowered lowered(WorkbenchKernel kernel, Extents extents, Target target, Precision precision) {
        Graph graph = kernel.at(extents).graph(new Trace());
        return Compile.lowered(kernel.title(), graph, target, Compile.Options.DEFAULTS.with(precision), Dumps.NONE);
    }

    private static void keepFastest(List<KernelTime> fastest, List<KernelTime> before, List<KernelTime> after) {
        for (int i = 0; i < after.size(); i++) {
            KernelTime total = after.get(i);
            double seconds = total.seconds() - before.get(i).seconds();
            KernelTime run = new KernelTime(total.kernel(), seconds, total.bytes(), total.flop());
            if (fastest.size() <= i) {
                fastest.add(run);
            } else if (seconds < fastest.get(i).seconds()) {
                fastest.set(i, run);
            }
        }
    }

    private static boolean isCast(KernelTime kernel) {
        return kernel.kernel().startsWith("cast ");
    }
}
