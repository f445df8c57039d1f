package io.glossa.trainer.runtime;

import io.glossa.trainer.data.Rank;
import java.util.List;

/**
 * The processes that train one model together, as one of them sees them.
 *
 * @param id by which they find each other: what devices of their kind make of what each tells the others
 * @param agreement on what machines would find out differently
 */
public record Communicator(Rank rank, String id, Agreement agreement) {
    /** Of a process that trains alone. */
    public static final Communicator NONE = new Communicator(Rank.ONLY, "");

    /** Of processes that agree on nothing. */
    public Communicator(Rank rank, String id) {
        this(rank, id, Agreement.NONE);
    }

    /** @param told by each rank, in their order, before any opens its device */
    public static Communicator of(Rank rank, List<String> told) {
        return new Communicator(rank, String.join(" ", told).strip());
    }

    public Communicator with(Agreement other) {
        return new Communicator(rank, id, other);
    }

    /** Whether there is anybody to find, be it oneself. */
    public boolean isReal() {
        return !id.isEmpty();
    }
}
