package io.glossa.trainer.autograd;

import io.glossa.trainer.data.Rank;
import io.glossa.trainer.ir.Attr;

/**
 * How a step is laid out over the processes that train together.
 *
 * @param own which one of them runs the program
 */
public record Ranks(Rank own, Sharding sharding) {
    /** Of a process that trains alone. */
    public static final Ranks ONLY = new Ranks(Rank.ONLY, Sharding.NONE);

    Attr.Segment segment() {
        return new Attr.Segment(own.index(), own.count());
    }
}
