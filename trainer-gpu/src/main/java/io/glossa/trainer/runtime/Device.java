package io.glossa.trainer.runtime;

import io.glossa.trainer.data.Rank;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.LazyTensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A place where graphs of primitives run. One contract for the oracle and the fast ones. */
public interface Device extends AutoCloseable {
    String name();

    /** What it is made of, such as the name of a graphics card; where nobody asks the machine, the device's own name. */
    default String hardware() {
        return name();
    }

    /** What must be the same on all ranks, so that they make the same bits of the same numbers. */
    default String identity() {
        return hardware();
    }

    /** What was found of the machine, a line each; nothing where there is nothing to find. */
    default List<String> details() {
        return List.of();
    }

    /** In which numbers it computes: what was asked for, or what it can do instead. */
    default Precision precision() {
        return Precision.FP32;
    }

    /** How many threads it computes with, if the bits of its results depend on that. */
    default OptionalInt threads() {
        return OptionalInt.empty();
    }

    /** Parameters, state and buffers of a model, copied to the device one by one. The caller closes it. */
    State allocate(Map<String, LazyTensor> values);

    /** The graph, ready to run. The caller closes it. */
    Executable load(String name, Graph graph);

    /** Which of the processes that train together this one is. */
    default Rank rank() {
        return Rank.ONLY;
    }

    /** The device's own memory as it is now; empty where programs live in the machine's. */
    default Optional<DeviceMemory> memory() {
        return Optional.empty();
    }

    /** What it does together with other ranks from now on is part of a step; if one of them is at another, that is an error. */
    default void begin(long step) {}

    /** How long it has waited for other ranks so far; 0 where that is not known. */
    default double awaitedSeconds() {
        return 0;
    }

    /**
     * Has whatever it does together with other ranks end soon, with an error, so that nobody waits for one that is lost. From any
     * thread; after it the device can only be closed.
     */
    default void abandon() {}

    /** After all that was loaded and allocated. */
    @Override
    void close();
}
