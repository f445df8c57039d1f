package io.glossa.trainer.lower;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Builder;
import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/** Replaces composites by their decompositions, as deep as they go. */
public final class Decompose {
    private Decompose() {}

    /** Leaves nothing but primitives. */
    public static Graph everything(Graph graph) {
        return apply(graph, (composite, inputs) -> false);
    }

    /** @param kept composites to leave as they are, such as those the device has a kernel for */
    public static Graph apply(Graph graph, BiPredicate<Composite, List<Type>> kept) {
        return Rewrite.nodes(graph, (builder, node, inputs) -> {
            if (node.op() != Op.CALL || kept.test(node.attr(Attr.Call.class).composite(), types(inputs))) {
                return builder.node(node.op(), inputs, node.attr());
            }
            Tensor value = node.attr(Attr.Call.class)
                    .composite()
                    .decompose(inputs.stream().map(n -> new Tensor(builder, n)).toList());
            return inner(builder, value.node(), kept);
        });
    }

    private static Node inner(Builder builder, Node node, BiPredicate<Composite, List<Type>> kept) {
        boolean calls = Graph.reachable(List.of(node)).stream()
                .anyMatch(n ->
                        n.op() == Op.CALL && !kept.test(n.attr(Attr.Call.class).composite(), types(n.inputs())));
        if (!calls) {
            return node;
        }
        Graph alone = Graph.of(builder, Map.of("value", node));
        return apply(alone, kept).outputs().get("value");
    }

    private static List<Type> types(List<Node> nodes) {
        return nodes.stream().map(Node::type).toList();
    }
}
