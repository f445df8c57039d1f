package io.glossa.trainer.lower;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Builder;
import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Tensor;
import java.util.function.Predicate;

/** Replaces composites by their decompositions, as deep as they go. */
public final class Decompose {
    private Decompose() {}

    /** @param kept composites to leave as they are, such as those the device has a kernel for */
    public static Graph apply(Graph graph, Predicate<Composite> kept) {
        return Rewrite.nodes(graph, (builder, op, inputs, attr) -> {
            if (op != Op.CALL || kept.test(((Attr.Call) attr).composite())) {
                return builder.node(op, inputs, attr);
            }
            Tensor value = ((Attr.Call) attr)
                    .composite()
                    .decompose(inputs.stream().map(n -> new Tensor(builder, n)).toList());
            return inner(builder, value.node(), kept);
        });
    }

    private static Node inner(Builder builder, Node node, Predicate<Composite> kept) {
        boolean calls = Graph.reachable(java.util.List.of(node)).stream()
                .anyMatch(n -> n.op() == Op.CALL && !kept.test(n.attr(Attr.Call.class).composite()));
        if (!calls) {
            return node;
        }
        Graph alone = Graph.of(builder, java.util.Map.of("value", node));
        return apply(alone, kept).outputs().get("value");
    }
}
