package io.glossa.trainer.selftest;

import io.glossa.config.Nearest;
import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.cuda.Emission;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.train.StepProfile;
import io.glossa.trainer.train.TrainBench;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Holds one device to the reference. Rows are handed out as they are found. */
public final class SelfTest {
    /** Hears of a test while it runs. */
    public interface Listener {
        /** What is tested from now on. */
        void begins(String checks);

        void found(Row row);

        /** What was found of the machine; what could not be had, and what stands in for it. */
        void note(String note);

        /** Where the time of a training step goes. */
        void measured(StepProfile profile);
    }

    /** The devices that have something to prove. */
    public static final List<String> DEVICES = List.of("cpu", "cuda", "emit-only");

    private static final int STEPS = 50;
    private static final int QUICK_STEPS = 25;
    private static final int REFERENCE_STEPS = 3;
    private static final int PROFILED_UTTERANCES = 16;
    private static final int PROFILED_SECONDS = 16;
    private static final int PROFILED_STEPS = 5;

    private final DeviceRequest request;
    private final Depth depth;
    private final Listener listener;

    private SelfTest(DeviceRequest request, Depth depth, Listener listener) {
        this.request = request;
        this.depth = depth;
        this.listener = listener;
    }

    /**
     * Tests the device.
     *
     * @throws GlossaException of type USER if there is nothing to test of a device of this name, of type RESOURCE if the
     *     machine does not have it
     */
    public static void run(DeviceRequest request, Depth depth, Listener listener) {
        if (!DEVICES.contains(request.name())) {
            throw GlossaException.user("Cannot test device '" + request.name() + "': expected one of "
                    + String.join(", ", DEVICES)
                    + Nearest.hint(request.name(), DEVICES));
        }
        new SelfTest(request, depth, listener).run();
    }

    private void run() {
        if (isEmulated()) {
            Path folder = request.cache().toAbsolutePath().resolve("emitted");
            new EmitChecks(Emission.open(request.cache()), folder).run(depth, listener);
        }
        for (Precision precision : precisions()) {
            Optional<Device> opened = open(precision);
            if (opened.isEmpty()) {
                break;
            }
            try (Device device = opened.get()) {
                if (precision == Precision.FP32) {
                    device.details().forEach(listener::note);
                }
                if (device.precision() != precision) {
                    listener.note(precision.title() + " is not tested: device '" + device.name() + "' computes it in "
                            + device.precision().title() + " here");
                    continue;
                }
                // Primitives and hand-written kernels see no F8: they would be those of BF16 once more.
                if (!precision.isF8()) {
                    add("primitives", precision, () -> PrimitiveChecks.of(device, precision));
                    add("kernels", precision, () -> CompositeChecks.of(device, precision));
                }
                add("steps", precision, () -> StepChecks.of(device, precision));
                add("learning", precision, () -> learning(device, precision));
            }
        }
        if (!request.name().equals("cpu")) {
            collectives();
        }
        if (request.name().equals("cuda")) {
            step();
        }
    }

    /** Measures the kernels of a training step of real size. */
    private void step() {
        String size = depth == Depth.QUICK ? "m" : "0.6b";
        listener.begins("the kernels of a step of " + size);
        try {
            listener.measured(TrainBench.profile(new TrainBench.Config(
                    request.name(),
                    BestRq.KIND,
                    size,
                    Precision.BF16.title(),
                    PROFILED_UTTERANCES,
                    PROFILED_SECONDS,
                    request.threads(),
                    PROFILED_STEPS,
                    Long.MAX_VALUE,
                    Sharding.NONE,
                    Map.of())));
        } catch (GlossaException e) {
            if (e.type() == ErrorType.INTERNAL) {
                throw e;
            }
            listener.note("no step of " + size + " was measured. " + e.getMessage());
        }
    }

    /** Who has one GPU can do without the library for several. */
    private void collectives() {
        listener.begins("collectives");
        try {
            CollectiveChecks.of(request).forEach(listener::found);
        } catch (GlossaException e) {
            if (e.type() != ErrorType.RESOURCE) {
                throw e;
            }
            listener.note(e.getMessage());
        }
    }

    /** Processors do not compute in F8. */
    private List<Precision> precisions() {
        if (request.name().equals("cpu")) {
            return List.of(Precision.FP32, Precision.BF16);
        }
        // Emulated products add up in one way.
        return Arrays.stream(Precision.values())
                .filter(precision -> !isEmulated() || precision != Precision.FP8_FAST)
                .toList();
    }

    /**
     * The device; empty where it is an emulated one that cannot be built here, whose kernels were written all the same, or
     * does not compute in F8.
     */
    private Optional<Device> open(Precision precision) {
        try {
            return Optional.of(
                    request.with(Compile.Options.DEFAULTS.with(precision)).open());
        } catch (GlossaException e) {
            if (e.type() != ErrorType.RESOURCE || !isEmulated() && !precision.isF8()) {
                throw e;
            }
            listener.note((isEmulated() ? "kernels are not run on the processor. " : "") + e.getMessage());
            return Optional.empty();
        }
    }

    private boolean isEmulated() {
        return request.name().equals("emit-only");
    }

    /** Beside the processor, all steps; beside the reference, where that is what is tested or it cannot be had, a few. */
    private List<Row> learning(Device device, Precision precision) {
        int steps = depth == Depth.QUICK ? QUICK_STEPS : STEPS;
        if (!request.name().equals("cpu") && !precision.isF8()) {
            try (Device cpu = DeviceRequest.of("cpu")
                    .withCache(request.cache())
                    .with(Compile.Options.DEFAULTS.with(precision))
                    .open()) {
                return LearningChecks.of(device, cpu, precision, steps, steps);
            } catch (GlossaException e) {
                if (e.type() != ErrorType.RESOURCE) {
                    throw e;
                }
                listener.note(e.getMessage() + "; the reference stands in");
            }
        }
        return LearningChecks.of(device, new ReferenceDevice(), precision, steps, REFERENCE_STEPS);
    }

    /** What cannot be run at all is one failed check; the others still are. */
    private void add(String name, Precision precision, Supplier<List<Row>> checks) {
        listener.begins(name + " in " + precision.title());
        try {
            checks.get().forEach(listener::found);
        } catch (GlossaException e) {
            listener.found(Row.failed(name, precision.title(), e.getMessage()));
        }
    }
}
