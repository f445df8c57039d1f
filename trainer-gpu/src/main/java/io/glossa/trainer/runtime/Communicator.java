package io.glossa.trainer.runtime;

import io.glossa.trainer.data.Rank;
import java.util.List;

/**
 * The processes that train one model together, as one of them sees them.
 *
 * @param id by which they find each other: what devices of their kind make of what each tells the others
 */
public record Communicator(Rank rank, String id) {
    /** Of a process that trains alone. */
    public static final Communicator NONE = new Communicator(Rank.ONLY, "");

    /** @param told by each rank, in their order, before any opens its device */
    public static Communicator of(Rank rank, List<String> told) {
        return new Communicator(rank, String.join(" ", told).strip());
    }

    /** Whether there is anybody to find, be it oneself. */
    public boolean isReal() {
        return !id.isEmpty();
    }
}
