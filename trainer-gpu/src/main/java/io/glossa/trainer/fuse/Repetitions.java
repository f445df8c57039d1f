package io.glossa.trainer.fuse;

import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which nodes of a graph compute again, from saved values, what another node computes. */
public final class Repetitions {
    private final Map<Node, Node> originals = new HashMap<>();

    public Repetitions(Graph graph) {
        Set<Node> present = new HashSet<>(graph.nodes());
        for (Node node : graph.nodes()) {
            List<Node> inputs = node.inputs().stream().map(originals::get).toList();
            Node original = node;
            if (node.op() == Op.SAVED) {
                original = inputs.get(0);
            } else if (!inputs.equals(node.inputs())) {
                original = graph.builder().node(node.op(), inputs, node.attr());
            }
            originals.put(node, present.contains(original) ? original : node);
        }
    }

    /** Whether each of them has the value of another. */
    boolean areAll(Collection<Node> nodes) {
        return nodes.stream().noneMatch(node -> original(node) == node);
    }

    /** The node whose value this one has, without any detour over saved values; the node itself if there is none. */
    public Node original(Node node) {
        return originals.get(node);
    }
}
