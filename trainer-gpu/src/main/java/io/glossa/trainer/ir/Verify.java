package io.glossa.trainer.ir;

import io.glossa.error.GlossaException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The type checker between passes: a pass that breaks the graph is named by its result, not by a crash later. */
public final class Verify {
    private Verify() {}

    /** @return the graph, in which inputs come before users, types follow the rules and updates keep theirs */
    public static Graph graph(Graph graph) {
        Set<Node> seen = new HashSet<>();
        for (Node node : graph.nodes()) {
            require(seen.containsAll(node.inputs()), node, "inputs before it");
            if (node.op() != Op.INPUT) {
                Type type = ShapeRules.type(node.op(), node.inputs(), node.attr());
                require(type.equals(node.type()), node, "type " + type);
            }
            seen.add(node);
        }
        Map<String, Node> inputs = new HashMap<>();
        graph.inputs().forEach(node -> inputs.put(node.attr(Attr.Input.class).name(), node));
        graph.updates().forEach((name, node) -> {
            Node input = inputs.get(name);
            require(input != null && input.type().equals(node.type()), node, "the type of '" + name + "', " + input);
            require(node.op() != Op.INPUT, node, "a computed value to update '" + name + "' with");
            require(!graph.outputs().containsValue(input), node, "'" + name + "' to be updated or output, not both");
        });
        return graph;
    }

    private static void require(boolean holds, Node node, String expected) {
        if (!holds) {
            throw GlossaException.internal(
                    "Cannot verify node " + node + " of " + node.inputs() + ": expected " + expected);
        }
    }
}
