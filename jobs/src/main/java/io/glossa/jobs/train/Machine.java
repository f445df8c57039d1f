package io.glossa.jobs.train;

import io.glossa.config.Nearest;
import io.glossa.error.GlossaException;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.cpu.CpuDevice;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a model runs on.
 *
 * @param device {@code cpu}, or {@code reference}: plain Java, slow
 * @param threads of the device; 0: as many as the machine has cores
 * @param activationMb budget for the memory of activations, in MB; 0: none. What does not fit is computed again
 * @param dumpGraph folder for what each pass of the compiler makes; empty: none
 */
public record Machine(String device, int threads, int activationMb, String dumpGraph) implements Serializable {
    private static final List<String> DEVICES = List.of("cpu", "reference");

    /** All cores of the processor. */
    public static final Machine DEFAULT = new Machine("cpu", 0, 0, "");

    public Machine {
        if (!DEVICES.contains(device)) {
            throw GlossaException.user("Cannot use device '" + device + "': expected one of "
                    + String.join(", ", DEVICES) + " (did you mean '"
                    + Nearest.of(device, DEVICES).orElseThrow() + "'?)");
        }
        if (activationMb < 0) {
            throw GlossaException.user(
                    "Cannot keep activations in " + activationMb + " MB, expected at least 1, or 0 for no limit");
        }
        if (threads < 0) {
            throw GlossaException.user("Cannot use " + threads + " threads, expected at least 1, or 0 for all cores");
        }
    }

    /** The device, opened on the machine where this is called. */
    Opened open(Precision precision) {
        if (device.equals("reference")) {
            return new Opened(new ReferenceDevice());
        }
        int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        Dumps dumps = dumpGraph.isEmpty() ? Dumps.NONE : new Dumps(Optional.of(Path.of(dumpGraph)));
        return new Opened(CpuDevice.open(
                count,
                CpuDevice.defaultCache(),
                new Compile.Options(Compile.Grouping.FUSED, precision, activationBytes(activationMb)),
                dumps));
    }

    /** The budget in bytes that so many MB mean. */
    public static long activationBytes(int mb) {
        return mb == 0 ? Long.MAX_VALUE : (long) mb << 20;
    }

    /** A device that is closed when it is no longer needed. */
    record Opened(Device device) implements AutoCloseable {
        @Override
        public void close() {
            if (device instanceof CpuDevice cpu) {
                cpu.close();
            }
        }
    }
}
