package io.glossa.trainer.workbench;

import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Trace;
import java.util.Map;

/** A case on a device beside the same on the reference, which runs decompositions in double precision. */
public final class Parity {
    private static final int SEED = 1;

    private Parity() {}

    /** The largest difference of all outputs and updates, as {@link Runs#difference} counts it. */
    public static double worst(Device device, KernelCase work) {
        Map<String, HostTensor> wanted;
        try (ReferenceDevice reference = new ReferenceDevice()) {
            wanted = run(reference, work);
        }
        Map<String, HostTensor> found = run(device, work);
        return wanted.entrySet().stream()
                .mapToDouble(entry -> Runs.difference(entry.getValue(), found.get(entry.getKey())))
                .max()
                .orElse(Double.POSITIVE_INFINITY);
    }

    private static Map<String, HostTensor> run(Device device, KernelCase work) {
        Trace trace = new Trace();
        return Runs.once(device, work.graph(trace), trace.initial(SEED), work.batch());
    }
}
