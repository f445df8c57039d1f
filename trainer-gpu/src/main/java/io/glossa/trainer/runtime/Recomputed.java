package io.glossa.trainer.runtime;

import io.glossa.trainer.fuse.Fuse;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.fuse.Repetitions;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the backward part has of the forward part: values that are kept in memory, and values computed again from them.
 *
 * @param needed bytes of the forward part's values that gradients are computed from, kept or not
 * @param kept values in memory, those with most bytes first
 * @param again values that kernels compute again, those that would take most memory first
 */
public record Recomputed(long needed, List<Values> kept, List<Again> again) {
    /**
     * Values that are alike, and computed again.
     *
     * @param spared bytes of those that gradients are computed from; the others are only on the way
     * @param flop floating-point operations of all kernels that compute them again
     */
    public record Again(Values values, long spared, double flop) {}

    /** Bytes in memory between the forward and the backward part. */
    public long keptBytes() {
        return kept.stream().mapToLong(Values::bytes).sum();
    }

    public double flop() {
        return again.stream().mapToDouble(Again::flop).sum();
    }

    static Recomputed of(Lowered program, Set<Node> kept) {
        Repetitions repetitions = new Repetitions(program.graph());
        Set<Node> needed = needed(program, repetitions);
        Map<Node, Double> flop = new LinkedHashMap<>();
        for (Group group : program.schedule().order()) {
            for (Node node : FusedKernel.computed(group)) {
                Node original = repetitions.original(node);
                if (original != node) {
                    flop.merge(original, KernelTime.flop(node), Double::sum);
                }
            }
        }
        Map<Values, Set<Node>> alike = new HashMap<>();
        flop.keySet()
                .forEach(node -> alike.computeIfAbsent(
                                new Values(Values.origin(node), node.type(), 1), kind -> new LinkedHashSet<>())
                        .add(node));
        List<Again> again = alike.entrySet().stream()
                .map(kind -> again(kind.getKey(), kind.getValue(), needed, flop))
                .sorted(Comparator.comparingLong(Again::spared)
                        .thenComparingDouble(Again::flop)
                        .reversed()
                        .thenComparing(each -> each.values().toString()))
                .toList();
        return new Recomputed(bytes(needed), Values.of(kept), again);
    }

    private static Again again(Values one, Set<Node> nodes, Set<Node> needed, Map<Node, Double> flop) {
        return new Again(
                new Values(one.origin(), one.type(), nodes.size()),
                bytes(nodes.stream().filter(needed::contains).toList()),
                nodes.stream().mapToDouble(flop::get).sum());
    }

    /** The forward part's values that the backward part reads for anything but computing others of them again. */
    private static Set<Node> needed(Lowered program, Repetitions repetitions) {
        Set<Node> needed = new LinkedHashSet<>();
        for (Node node : program.graph().nodes()) {
            if (node.kind() != Op.Kind.MOVEMENT && repetitions.original(node) == node) {
                node.inputs().forEach(input -> collect(input, repetitions, needed));
            }
        }
        return needed;
    }

    private static void collect(Node read, Repetitions repetitions, Set<Node> needed) {
        if (read.op() == Op.SAVED) {
            needed.add(Fuse.base(read));
        } else if (Fuse.isFree(read)) {
            read.inputs().forEach(input -> collect(input, repetitions, needed));
        } else if (repetitions.original(read) != read) {
            needed.add(repetitions.original(read));
        }
    }

    private static long bytes(Iterable<Node> nodes) {
        long bytes = 0;
        for (Node node : nodes) {
            bytes += node.type().bytes();
        }
        return bytes;
    }
}
