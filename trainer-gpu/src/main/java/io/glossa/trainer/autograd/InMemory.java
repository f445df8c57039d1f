package io.glossa.trainer.autograd;

import io.glossa.trainer.ir.Gathered;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which values lie in memory however loops are fused: those that a kernel of its own reads or writes, or that outlive one. */
final class InMemory {
    private InMemory() {}

    /** @param nodes with all that they need */
    static Set<Node> of(Collection<Node> nodes) {
        List<Node> order = new ArrayList<>(nodes);
        order.sort(Comparator.comparingInt(Node::id));
        Map<Node, Integer> kernels = kernelsBefore(order);
        Set<Node> stored = new HashSet<>();
        for (int i = order.size() - 1; i >= 0; i--) {
            Node user = order.get(i);
            boolean kernel = user.kind() == Op.Kind.KERNEL;
            if (kernel) {
                stored.add(user);
            }
            boolean same = user.kind() == Op.Kind.MOVEMENT || user.op() == Op.CAST;
            for (Node input : user.inputs()) {
                if (kernel || kernels.get(input) < kernels.get(user) || same && stored.contains(user)) {
                    stored.add(input);
                }
            }
        }
        return stored;
    }

    /** How many kernels of their own run one after the other until a value is there; gathered parameters are there before. */
    private static Map<Node, Integer> kernelsBefore(List<Node> order) {
        Map<Node, Integer> kernels = new HashMap<>();
        for (Node node : order) {
            int most = node.inputs().stream().mapToInt(kernels::get).max().orElse(0);
            kernels.put(node, node.kind() == Op.Kind.KERNEL && !Gathered.is(node) ? most + 1 : most);
        }
        return kernels;
    }
}
