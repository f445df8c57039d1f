package io.glossa.trainer.autograd;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Builder;
import io.glossa.trainer.ir.Gathered;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.lower.Rewrite;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the backward part keeps of the forward part, and what it computes again: the cheapest cut between values that
 * must not be computed twice and values that the backward part reads, where a value costs its bytes (Ansel et al.,
 * "PyTorch 2", 2024, on AOTAutograd's partitioner), and an eighth less if the forward part has it in memory in any case.
 *
 * <p>What is computed again hangs on {@link Op#SAVED} nodes, so that it is not the forward part's node. What depends on
 * inputs alone, such as a rounded weight, is kept as it is; but a parameter that is {@link Gathered} is gathered again, and so is
 * what is no more than its elements, elsewhere or rounded.
 */
public final class Partition {
    /** For the sake of speed, what the forward part has in memory is not computed again from several other values. */
    public enum Aim {
        MEMORY,
        SPEED
    }

    /**
     * What may be computed twice if that saves memory; movements always may.
     *
     * @param operations how many may lie between a value and those it is computed from
     */
    public record Repeat(Predicate<Node> allowed, int operations, Aim aim) {}

    /** From how many values in memory one may be computed again that is not there itself. */
    private static final int SOURCES = 2;

    private final Repeat repeat;
    private final Set<Node> forward;
    private final Map<Node, Set<Node>> sources = new HashMap<>();
    private final Map<Node, Set<Node>> operations = new HashMap<>();
    private final Set<Node> gathered = new HashSet<>();
    private final Set<Node> stored;

    private Partition(Repeat repeat, Set<Node> forward) {
        this.repeat = repeat;
        this.forward = forward;
        this.stored = InMemory.of(forward);
    }

    /** The graph with its backward part on what is kept; as it is where nothing is trained. */
    public static Graph apply(Graph joint, Repeat repeat) {
        if (joint.gradients().isEmpty()) {
            return joint;
        }
        Partition partition = new Partition(repeat, forward(joint));
        return partition.rebuilt(joint, partition.kept(joint));
    }

    /** What outputs and updates need that depend on no gradient: the loss and metrics, or what they are sums of. */
    private static Set<Node> forward(Graph joint) {
        Set<Node> backward = new HashSet<>(joint.gradients().values());
        for (Node node : joint.nodes()) {
            if (node.inputs().stream().anyMatch(backward::contains)) {
                backward.add(node);
            }
        }
        return new LinkedHashSet<>(Graph.reachable(
                joint.roots().stream().filter(node -> !backward.contains(node)).toList()));
    }

    private Set<Node> kept(Graph joint) {
        Map<Node, Integer> number = new HashMap<>();
        for (Node node : forward) {
            trace(node);
            if (!sources.get(node).isEmpty()) {
                number.put(node, number.size());
            }
        }
        int source = 2 * number.size();
        int sink = source + 1;
        MinCut cut = new MinCut(sink + 1);
        number.forEach((node, n) -> {
            cut.arc(2 * n, 2 * n + 1, cost(node));
            if (isSource(node)) {
                cut.arc(source, 2 * n, MinCut.FREE_OF_LIMIT);
            }
            for (Node input : isSource(node) ? List.<Node>of() : node.inputs()) {
                if (number.containsKey(input)) {
                    cut.arc(2 * number.get(input) + 1, 2 * n, MinCut.FREE_OF_LIMIT);
                }
            }
        });
        for (Node node : joint.nodes()) {
            if (!forward.contains(node)) {
                node.inputs().stream()
                        .filter(number::containsKey)
                        .distinct()
                        .forEach(input -> cut.arc(2 * number.get(input) + 1, sink, MinCut.FREE_OF_LIMIT));
            }
        }
        BitSet side = cut.sourceSide(source, sink);
        Set<Node> kept = new HashSet<>();
        number.forEach((node, n) -> {
            if (side.get(2 * n) && !side.get(2 * n + 1)) {
                kept.add(node);
            }
        });
        return kept;
    }

    /** Finds from which values a node would be computed again, and by which operations; from itself where it must not be. */
    private void trace(Node node) {
        Set<Node> from = new HashSet<>();
        Set<Node> by = new HashSet<>();
        if (node.kind() != Op.Kind.LEAF && !Gathered.is(node)) {
            for (Node input : node.inputs()) {
                from.addAll(sources.get(input));
                by.addAll(operations.get(input));
            }
            boolean alone = from.isEmpty() && node.kind() != Op.Kind.KERNEL && node.kind() != Op.Kind.RANDOM;
            if (node.kind() != Op.Kind.MOVEMENT && !alone) {
                by.add(node);
            }
            long large = from.stream()
                    .filter(value -> 2 * value.type().bytes() >= node.type().bytes())
                    .count();
            boolean moved = node.kind() == Op.Kind.MOVEMENT && node.op() != Op.CONCAT;
            if (!alone
                    && !moved
                    && (!repeat.allowed().test(node)
                            || large > SOURCES
                            || large == SOURCES && stored.contains(node) && repeat.aim() == Aim.SPEED
                            || by.size() > repeat.operations())) {
                from = Set.of(node);
                by = Set.of();
            }
        }
        sources.put(node, from);
        operations.put(node, by);
        boolean elements = node.kind() == Op.Kind.POINTWISE || node.kind() == Op.Kind.MOVEMENT;
        if (Gathered.is(node)
                || elements && from.isEmpty() && node.inputs().stream().anyMatch(gathered::contains)) {
            gathered.add(node);
        }
    }

    private boolean isSource(Node node) {
        return sources.get(node).equals(Set.of(node));
    }

    /** Bytes, in eighths; a view is not kept, but what it views. */
    private long cost(Node node) {
        return node.kind() == Op.Kind.MOVEMENT && !isSource(node)
                ? MinCut.FREE_OF_LIMIT
                : (stored.contains(node) ? 7 : 8) * Math.max(1, node.type().bytes());
    }

    private Graph rebuilt(Graph joint, Set<Node> kept) {
        Map<Node, Node> recalled = new HashMap<>();
        return Rewrite.nodes(joint, (builder, node, inputs) -> {
            if (forward.contains(node)) {
                return node;
            }
            List<Node> reads = new ArrayList<>();
            for (int i = 0; i < inputs.size(); i++) {
                Node input = node.input(i);
                reads.add(forward.contains(input) ? recall(builder, input, kept, recalled) : inputs.get(i));
            }
            return builder.node(node.op(), reads, node.attr());
        });
    }

    private Node recall(Builder builder, Node node, Set<Node> kept, Map<Node, Node> recalled) {
        Node known = recalled.get(node);
        if (known == null) {
            if (Gathered.is(node)) {
                known = again(builder, node);
            } else if (sources.get(node).isEmpty() && !gathered.contains(node)) {
                known = node;
            } else if (kept.contains(node)) {
                known = builder.node(Op.SAVED, List.of(node), Attr.NONE);
            } else {
                List<Node> inputs = node.inputs().stream()
                        .map(input -> recall(builder, input, kept, recalled))
                        .toList();
                known = builder.node(node.op(), inputs, node.attr());
            }
            recalled.put(node, known);
        }
        return known;
    }

    /** The same from its inputs on, as another node. */
    private static Node again(Builder builder, Node node) {
        if (node.op() == Op.INPUT) {
            return builder.node(Op.SAVED, List.of(node), Attr.NONE);
        }
        List<Node> inputs =
                node.inputs().stream().map(input -> again(builder, input)).toList();
        return builder.node(node.op(), inputs, node.attr());
    }
}
