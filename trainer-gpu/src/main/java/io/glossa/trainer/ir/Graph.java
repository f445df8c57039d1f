package io.glossa.trainer.ir;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A pure program: (parameters, state, buffers, batch) → (updates of parameters and state, outputs).
 *
 * @param builder where its nodes were made; passes make theirs there too
 * @param outputs named results, such as losses and metrics
 * @param updates new values of PARAMETER and STATE inputs, by the input's name; they may take over its memory
 * @param gradients the gradient of each parameter, by its name, for clipping, collectives and tests
 */
public record Graph(
        Builder builder, Map<String, Node> outputs, Map<String, Node> updates, Map<String, Node> gradients) {
    public Graph {
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        updates = Collections.unmodifiableMap(new LinkedHashMap<>(updates));
        gradients = Collections.unmodifiableMap(new LinkedHashMap<>(gradients));
    }

    public static Graph of(Builder builder, Map<String, Node> outputs) {
        return new Graph(builder, outputs, Map.of(), Map.of());
    }

    /** What the program must compute: outputs, then updates. Gradients are only names for nodes on the way. */
    public List<Node> roots() {
        List<Node> roots = new ArrayList<>(outputs.values());
        roots.addAll(updates.values());
        return roots;
    }

    /** Everything the roots need, inputs before users. */
    public List<Node> nodes() {
        return reachable(roots());
    }

    /** The INPUT nodes that the roots need, in the order of creation. */
    public List<Node> inputs() {
        return nodes().stream().filter(n -> n.op() == Op.INPUT).toList();
    }

    /** The nodes that these need, themselves included, in the order of creation: inputs before users. */
    public static List<Node> reachable(Collection<Node> roots) {
        Set<Node> seen = new HashSet<>();
        List<Node> stack = new ArrayList<>(roots);
        while (!stack.isEmpty()) {
            Node node = stack.remove(stack.size() - 1);
            if (seen.add(node)) {
                stack.addAll(node.inputs());
            }
        }
        List<Node> order = new ArrayList<>(seen);
        order.sort((a, b) -> Integer.compare(a.id(), b.id()));
        return order;
    }
}
