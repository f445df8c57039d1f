package io.glossa.trainer.fuse;

import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What values cost to compute, against what they cost in memory. */
final class Worth {
    /** A value so many times smaller than another is read at no cost beside it. */
    private static final int SMALL = 8;

    /** A value is written once and read once more at least. */
    private static final int TRIPS = 2;

    /**
     * How a value would be computed again.
     *
     * @param source the one large value in memory that it comes from; null where there is none
     * @param parts of the source that are read: slices, or the source itself
     * @param operations of one element, in additions
     */
    private record Way(Node source, Set<Node> parts, long operations) {
        long bytes() {
            return parts.stream().mapToLong(part -> part.shape().size()).sum()
                    * source.type().dtype().bytes();
        }
    }

    private final Hardware hardware;
    private final Map<Node, Optional<Way>> ways = new HashMap<>();

    Worth(Hardware hardware) {
        this.hardware = hardware;
    }

    /** Whether every kernel that needs a value should rather compute it than read it. */
    boolean repeating(Node node) {
        if (hardware.operationsPerByte() == 0 || node.kind() != Op.Kind.POINTWISE) {
            return false;
        }
        long limit = (long) TRIPS
                * hardware.operationsPerByte()
                * node.type().dtype().bytes();
        return way(node)
                .filter(way -> way.operations() <= limit
                        && (way.source() == null || way.bytes() <= node.type().bytes()))
                .isPresent();
    }

    /** Empty where it comes from several large values. */
    private Optional<Way> way(Node node) {
        Optional<Way> known = ways.get(node);
        if (known == null) {
            known = computed(node);
            ways.put(node, known);
        }
        return known;
    }

    private Optional<Way> computed(Node node) {
        if (node.op() == Op.SAVED || node.kind() != Op.Kind.POINTWISE && node.kind() != Op.Kind.MOVEMENT) {
            boolean inMemory = node.kind() != Op.Kind.LEAF || Fuse.isBuffer(node);
            Node base = Fuse.base(node);
            return Optional.of(inMemory ? new Way(base, Set.of(base), 0) : new Way(null, Set.of(), 0));
        }
        Node source = null;
        Set<Node> parts = new HashSet<>();
        long operations = node.kind() == Op.Kind.POINTWISE ? weight(node.op()) : 0;
        for (Node input : node.inputs()) {
            Optional<Way> way = way(input);
            if (way.isEmpty()) {
                return way;
            }
            Node from = way.get().source();
            operations += way.get().operations();
            if (from != null && from.shape().size() * SMALL > node.shape().size() && from != source) {
                if (source != null) {
                    return Optional.empty();
                }
                source = from;
            }
            if (from != null && from == source) {
                parts.addAll(way.get().parts());
            }
        }
        return Optional.of(new Way(source, node.op() == Op.SLICE && source != null ? Set.of(node) : parts, operations));
    }

    /** Rough cost of one element, in additions. */
    static int weight(Op op) {
        return switch (op) {
            case EXP, LOG, SIN, COS -> 16;
            case SQRT, DIV, RECIPROCAL -> 4;
            case RANDOM_UNIFORM -> 40;
            default -> 1;
        };
    }
}
