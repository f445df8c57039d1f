package io.glossa.trainer.plan;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;

/**
 * What lies between ranks. Of a tensor of S bytes, each of N ranks sends S·(N − 1)/N in a reduce-scatter or an all-gather, and
 * twice that in an all-reduce, which is one after the other; that holds for a ring (Patarasuk and Yuan 2009) and for pairs.
 *
 * @param way how a rank's bytes travel
 * @param ranksPerMachine as many as share the way out of a machine
 * @param within bytes per second that a rank sends to others of its machine
 * @param between bytes per second that leave a machine, of all its ranks together
 * @param begin seconds until the first byte has arrived
 */
public record Links(Way way, int ranksPerMachine, Rate within, Rate between, Rate begin) {
    /** How a rank's bytes travel. */
    public enum Way {
        /** All to the next rank: of a machine's ranks as many rings as it has ways out, so that all are in use. */
        RING,
        /** To each other rank its part. */
        PAIRS
    }

    public Links {
        if (ranksPerMachine < 1) {
            throw GlossaException.user(
                    "Cannot plan for " + ranksPerMachine + " ranks on a machine, expected at least 1");
        }
    }

    Links withRanksPerMachine(int ranks) {
        return new Links(way, ranks, within, between, begin);
    }

    /** The whole tensor of a collective, in bytes. */
    static long whole(Node collective) {
        return (collective.op() == Op.ALL_GATHER ? collective : collective.input(0))
                .type()
                .bytes();
    }

    /** Bytes that each rank sends in a collective. */
    public static long sent(Op collective, long whole, int ranks) {
        return (collective == Op.ALL_REDUCE ? 2 : 1) * (whole - whole / ranks);
    }

    /** Seconds of a collective. */
    double seconds(Op collective, long whole, int ranks) {
        long sent = sent(collective, whole, ranks);
        int near = Math.min(ranks, ranksPerMachine);
        if (near == ranks) {
            return begin.value() + sent / within.value();
        }
        if (way == Way.RING) {
            return begin.value() + sent / Math.min(within.value(), between.value());
        }
        double inside = sent * (near - 1.0) / (ranks - 1);
        return begin.value() + inside / within.value() + near * (sent - inside) / between.value();
    }
}
