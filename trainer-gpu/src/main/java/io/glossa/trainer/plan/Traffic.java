package io.glossa.trainer.plan;

import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.EnumMap;
import java.util.Map;

/** What a rank sends to others in one step, by collective. */
public record Traffic(Map<Op, Sent> collectives) {
    static final Traffic NONE = new Traffic(Map.of());

    /**
     * Collectives of one kind.
     *
     * @param bytes of the whole tensors
     * @param sent bytes that each rank sends, as {@link Links} says
     */
    public record Sent(int count, long bytes, long sent) {
        private Sent plus(Sent other) {
            return new Sent(count + other.count, bytes + other.bytes, sent + other.sent);
        }

        private Sent times(int runs) {
            return new Sent(runs * count, runs * bytes, runs * sent);
        }
    }

    static Traffic of(Graph graph, int ranks) {
        Map<Op, Sent> collectives = new EnumMap<>(Op.class);
        for (Node node : graph.nodes()) {
            if (node.op().isCollective()) {
                long whole = Links.whole(node);
                collectives.merge(node.op(), new Sent(1, whole, Links.sent(node.op(), whole, ranks)), Sent::plus);
            }
        }
        return new Traffic(collectives);
    }

    Traffic plus(Traffic next) {
        Map<Op, Sent> both = new EnumMap<>(Op.class);
        both.putAll(collectives);
        next.collectives.forEach((op, sent) -> both.merge(op, sent, Sent::plus));
        return new Traffic(both);
    }

    /** Of a program that runs so often in a step. */
    Traffic times(int runs) {
        Map<Op, Sent> all = new EnumMap<>(Op.class);
        all.putAll(collectives);
        all.replaceAll((op, sent) -> sent.times(runs));
        return new Traffic(all);
    }

    /** Bytes that each rank sends in all. */
    public long sent() {
        return collectives.values().stream().mapToLong(Sent::sent).sum();
    }
}
