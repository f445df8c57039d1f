package io.glossa.trainer.train;

import io.glossa.trainer.data.Cursor;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Trace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How a training makes its steps on one device, by programs that it compiles when they are first needed. */
interface Loop extends AutoCloseable {
    /** What a training says of its steps. From any thread. */
    interface Training {
        /** Of all parts of a step: its number, the seed, the learning rate. */
        Map<String, HostTensor> scalars(Cursor at);

        /** Is told which utterances, by id, a step has on this rank. */
        void reads(Cursor at, List<String> utterances);
    }

    /** What the state has. */
    Trace declared();

    /** Settings of what is read that a checkpoint has beside those of the training. */
    default Map<String, String> settings() {
        return Map.of();
    }

    /** Steps of the whole training. */
    long totalSteps();

    /** Begins to read what is needed from a step on. */
    void begin(Cursor at);

    /** Compiles what a step and the one after it need, unless it is there. */
    void prepare(Cursor at);

    /** The outputs of a step that was prepared. */
    Map<String, HostTensor> run(Cursor at, State state);

    /** Where this rank's parts of a step on this state first give a value that is not finite. */
    Optional<String> firstNotFinite(Cursor at, State state);

    /** Of this rank's utterances of a step that was left out, those of the streams that gave what is not finite, if some did. */
    default Set<String> suspects(Cursor at, State state, Set<String> utterances) {
        return utterances;
    }

    /** After a step: the next. */
    Cursor next(Cursor at);

    /** Audio of a step, on all ranks, without padding. */
    double audioSeconds(Cursor at);

    /** How long steps have waited for their batches so far. */
    double waitedSeconds();

    /** Bytes of activations of the largest program so far. */
    long arenaBytes();

    @Override
    void close();
}
