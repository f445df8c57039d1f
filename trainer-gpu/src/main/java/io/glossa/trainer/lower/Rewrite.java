package io.glossa.trainer.lower;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Builder;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rebuilds a graph node by node, inputs before users. */
public final class Rewrite {
    /** What stands for a node, given what stands for its inputs. */
    public interface Rule {
        Node apply(Builder builder, Node node, List<Node> inputs);
    }

    private Rewrite() {}

    public static Graph nodes(Graph graph, Rule rule) {
        return nodes(graph, all(graph), rule);
    }

    /** @param order all nodes, inputs before users */
    static Graph nodes(Graph graph, List<Node> order, Rule rule) {
        Map<Node, Node> replaced = new HashMap<>();
        for (Node node : order) {
            List<Node> inputs = node.inputs().stream().map(replaced::get).toList();
            replaced.put(node, node.op() == Op.INPUT ? node : rule.apply(graph.builder(), node, inputs));
        }
        return new Graph(
                graph.builder(),
                mapped(graph.outputs(), replaced),
                mapped(graph.updates(), replaced),
                mapped(graph.gradients(), replaced));
    }

    /**
     * The graph made anew with some nodes in place of others, its nodes numbered in the order in which they were: by their numbers
     * passes choose between them.
     *
     * @param standIns for each node that is left away one that was made before it
     */
    public static Graph with(Graph graph, Map<Node, Node> standIns) {
        Builder builder = new Builder();
        Map<Node, Node> replaced = new HashMap<>();
        for (Node node : all(graph)) {
            List<Node> inputs = node.inputs().stream().map(replaced::get).toList();
            Node other = standIns.get(node);
            replaced.put(node, other == null ? copy(builder, node, inputs) : replaced.get(other));
        }
        return new Graph(
                builder,
                mapped(graph.outputs(), replaced),
                mapped(graph.updates(), replaced),
                mapped(graph.gradients(), replaced));
    }

    /** A node as it was in another builder. */
    public static Node copy(Builder builder, Node node, List<Node> inputs) {
        return node.attr() instanceof Attr.Input input
                ? builder.input(input.name(), input.role(), node.type())
                : builder.node(node.op(), inputs, node.attr());
    }

    /** All nodes of a graph, those that only its gradients need too, in the order of creation. */
    public static List<Node> all(Graph graph) {
        List<Node> roots = new ArrayList<>(graph.roots());
        roots.addAll(graph.gradients().values());
        return Graph.reachable(roots);
    }

    private static Map<String, Node> mapped(Map<String, Node> named, Map<Node, Node> replaced) {
        Map<String, Node> out = new LinkedHashMap<>();
        named.forEach((name, node) -> out.put(name, replaced.get(node)));
        return out;
    }
}
