package io.glossa.trainer.runtime;

import io.glossa.trainer.data.Rank;

/**
 * The processes that train one model together, as one of them sees them.
 *
 * @param id by which they find each other; made once, by one of them, for the kind of device that all have
 */
public record Communicator(Rank rank, String id) {
    /** Of a process that trains alone. */
    public static final Communicator NONE = new Communicator(Rank.ONLY, "");

    /** Whether there is anybody to find, be it oneself. */
    public boolean isReal() {
        return !id.isEmpty();
    }
}
