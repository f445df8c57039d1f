package io.glossa.trainer.fuse;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.lower.Rewrite;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rounds to BF16 what kernels over rows and columns would hand to each other in F32: the residual stream and its gradient,
 * which else take half of all memory traffic. Only activations: what depends on parameters and the batch, has many rows,
 * and is read by loops alone, or by hand-written kernels that take BF16. Losses, metrics, statistics and targets stay as they are.
 */
public final class Bf16Storage {
    private Bf16Storage() {}

    /**
     * @param graph before its backward part is cut from its forward part
     * @param cut the same after
     * @param groups of the cut graph
     */
    public static Graph apply(Graph graph, Graph cut, List<Group> groups) {
        Set<Node> rounded = rounded(graph, cut, groups);
        return Rewrite.nodes(graph, (builder, node, inputs) -> {
            List<Node> read =
                    readsBf16(node) ? inputs.stream().map(Bf16Storage::narrow).toList() : inputs;
            Node same = builder.node(node.op(), read, node.attr());
            if (!rounded.contains(node)) {
                return same;
            }
            Node rounding = builder.node(Op.CAST, List.of(same), new Attr.Cast(DType.BF16));
            return builder.node(Op.CAST, List.of(rounding), new Attr.Cast(DType.F32));
        });
    }

    private static boolean readsBf16(Node node) {
        return node.op() == Op.CALL && node.attr(Attr.Call.class).composite().readsBf16();
    }

    /** A value before it was made wider. */
    private static Node narrow(Node node) {
        boolean widened = node.op() == Op.CAST && node.input(0).type().dtype() == DType.BF16;
        return widened ? node.input(0) : node;
    }

    private static Set<Node> rounded(Graph graph, Graph cut, List<Group> groups) {
        Set<Node> exact = new HashSet<>(graph.roots());
        exact.addAll(graph.gradients().values());
        for (Group group : groups) {
            if (group.kind() == Group.Kind.KERNEL && !readsBf16(group.root())) {
                exact.addAll(group.reads());
            }
        }
        Map<Node, Node> original = original(cut);
        Set<Node> activations = activations(graph);
        Set<Node> rounded = new HashSet<>();
        for (Group group : groups) {
            for (Node node : group.stored()) {
                if (isWide(group, node)
                        && activations.contains(original.get(node))
                        && !exact.contains(node)
                        && !exact.contains(original.get(node))) {
                    rounded.add(original.get(node));
                }
            }
        }
        return rounded;
    }

    private static boolean isWide(Group group, Node node) {
        return group.kind() == Group.Kind.LOOP
                && node.kind() == Op.Kind.POINTWISE
                && node.type().dtype() == DType.F32
                && group.rows() > 1
                && group.columns() > 1
                && node.shape().size() == group.rows() * group.columns();
    }

    /** The nodes that depend on a parameter and on the batch. */
    private static Set<Node> activations(Graph graph) {
        Set<Node> trained = dependents(graph, Attr.Role.PARAMETER);
        trained.retainAll(dependents(graph, Attr.Role.BATCH));
        return trained;
    }

    private static Set<Node> dependents(Graph graph, Attr.Role role) {
        Set<Node> dependents = new HashSet<>();
        for (Node node : graph.nodes()) {
            boolean is = node.op() == Op.INPUT && node.attr(Attr.Input.class).role() == role;
            if (is || node.inputs().stream().anyMatch(dependents::contains)) {
                dependents.add(node);
            }
        }
        return dependents;
    }

    /** The node of the graph before the cut that each one stands for. */
    private static Map<Node, Node> original(Graph cut) {
        Map<Node, Node> original = new HashMap<>();
        for (Node node : cut.nodes()) {
            List<Node> inputs = node.inputs().stream().map(original::get).toList();
            if (node.op() == Op.SAVED) {
                original.put(node, inputs.get(0));
            } else {
                boolean same = inputs.equals(node.inputs());
                original.put(node, same ? node : cut.builder().node(node.op(), inputs, node.attr()));
            }
        }
        return original;
    }
}
