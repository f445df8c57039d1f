package io.glossa.trainer.lower;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An output that is an input with an update gets memory of its own, since the update is written over the input. */
public final class OutputsBeforeUpdates {
    private OutputsBeforeUpdates() {}

    public static Graph apply(Graph graph) {
        Map<String, Node> outputs = new LinkedHashMap<>(graph.outputs());
        outputs.replaceAll((name, node) -> isOverwritten(graph, node) ? copy(graph, node) : node);
        return new Graph(graph.builder(), outputs, graph.updates(), graph.gradients());
    }

    private static boolean isOverwritten(Graph graph, Node output) {
        Node source = MixedPrecision.unmoved(output);
        return source.op() == Op.INPUT
                && graph.updates().containsKey(source.attr(Attr.Input.class).name());
    }

    /** The larger of two equal numbers: the one identity that stays in a graph. */
    private static Node copy(Graph graph, Node node) {
        return graph.builder().node(Op.MAXIMUM, List.of(node, node), Attr.NONE);
    }
}
