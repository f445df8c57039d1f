package io.glossa.trainer.runtime;

import java.util.function.Supplier;

/** Choices that are made once for all ranks of a run, and for all its attempts, on whatever machines these are. */
@FunctionalInterface
public interface Agreement {
    /** Each chooses for itself. */
    Agreement NONE = (name, proposal) -> proposal.get();

    /**
     * What was chosen under a name: what is proposed, by whoever proposes first. Waits for nobody.
     *
     * @param proposal asked for if nothing is chosen yet
     */
    byte[] on(String name, Supplier<byte[]> proposal);
}
