package io.glossa.trainer.runtime;

import io.glossa.trainer.ir.HostTensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A compiled program. Not for several threads at once, but for {@link #stage}. */
public interface Executable extends AutoCloseable {
    /**
     * Runs once: reads the batch, updates the state in place, gives the outputs.
     *
     * @param batch every BATCH input by name; a missing or misshapen one is an error that names it
     */
    Map<String, HostTensor> run(State state, Map<String, HostTensor> batch);

    /**
     * Sends the batch of a later run on its way. Another thread may do so while a run is under way.
     *
     * @param batch as for {@link #run}
     */
    default Staged stage(Map<String, HostTensor> batch) {
        return new Staged.Held(batch);
    }

    /** Runs once on a batch that this program staged. */
    default Map<String, HostTensor> run(State state, Staged batch) {
        return run(state, batch.values());
    }

    /**
     * Runs once on a copy of the state, kernel by kernel, and looks at every value in memory: slow, for after a failure.
     *
     * @return the first input, or else the first kernel's result, that has a NaN or an infinity; empty if none has, or
     *     where the device does not look
     */
    default Optional<String> firstNotFinite(State state, Map<String, HostTensor> batch) {
        return Optional.empty();
    }

    /**
     * What each kernel took in all runs that were measured, in the order of the plan; empty where the device does not
     * measure. A device may measure from the first call on, in runs that are slower then.
     */
    default List<KernelTime> times() {
        return List.of();
    }

    /** Bytes of activations, known before the first run. */
    long arenaBytes();

    @Override
    void close();
}
