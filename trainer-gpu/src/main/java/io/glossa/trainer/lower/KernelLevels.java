package io.glossa.trainer.lower;

import io.glossa.trainer.ir.Gathered;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many kernels of their own and reductions must run one after the other until a value is there. Those of one level need
 * nothing of each other, and still do not where kernels of other levels become one.
 */
final class KernelLevels {
    private final List<Node> nodes;
    private final Map<Node, Integer> levels = new HashMap<>();

    /** @param nodes inputs before users */
    KernelLevels(List<Node> nodes) {
        this.nodes = nodes;
        for (Node node : nodes) {
            int most = node.inputs().stream().mapToInt(levels::get).max().orElse(0);
            levels.put(node, isStep(node) ? most + 1 : most);
        }
    }

    int of(Node node) {
        return levels.get(node);
    }

    /** The nodes, inputs before users, and all of a level before the kernels of the next. */
    List<Node> order() {
        List<Node> order = new ArrayList<>(nodes);
        order.sort(Comparator.<Node>comparingInt(levels::get)
                .thenComparing(node -> !isStep(node))
                .thenComparingInt(Node::id));
        return order;
    }

    private static boolean isStep(Node node) {
        return node.kind() == Op.Kind.KERNEL && !Gathered.is(node) || node.kind() == Op.Kind.REDUCTION;
    }
}
