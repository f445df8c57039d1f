package io.glossa.trainer.runtime;

import io.glossa.trainer.ir.HostTensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A compiled program. Not for several threads at once. */
public interface Executable extends AutoCloseable {
    /**
     * Runs once: reads the batch, updates the state in place, gives the outputs.
     *
     * @param batch every BATCH input by name; a missing or misshapen one is an error that names it
     */
    Map<String, HostTensor> run(State state, Map<String, HostTensor> batch);

    /**
     * Runs once on a copy of the state, kernel by kernel, and looks at every value in memory: slow, for after a failure.
     *
     * @return the first input, or else the first kernel's result, that has a NaN or an infinity; empty if none has, or
     *     where the device does not look
     */
    default Optional<String> firstNotFinite(State state, Map<String, HostTensor> batch) {
        return Optional.empty();
    }

    /** What each kernel took in all runs so far, in the order of the plan; empty where the device does not measure. */
    default List<KernelTime> times() {
        return List.of();
    }

    /** Bytes of activations, known before the first run. */
    long arenaBytes();

    @Override
    void close();
}
