package io.glossa.trainer.autograd;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * In which form each value of a step is made where ranks share the work behind sums of gradients: what is computed element by
 * element from a segment is a segment, and the sum over a segment is part of a sum over all. A norm is made so in any case, and
 * so has the same bits however a model is sharded; updates of parameters, and the optimizer's state, where it is asked for.
 */
final class Forms {
    enum Form {
        /** On every rank. */
        WHOLE,
        /** Each rank has its own. */
        SEGMENT,
        /** The sum over the ranks' is the value. */
        PARTIAL
    }

    /** Elements from which on a tensor is dealt with alone: 1 MB. Smaller ones are not worth a part on each rank. */
    static final long LARGE = 1 << 18;

    private final Sharding sharding;
    private final Set<Node> summed = new HashSet<>();
    private final Map<Node, Form> forms = new HashMap<>();
    private final Set<Node> states = new HashSet<>();

    /** @param gradients the sums that begin as segments */
    Forms(Graph graph, Set<Node> gradients, Sharding sharding) {
        this.sharding = sharding;
        List<Node> nodes = graph.nodes();
        findSummed(graph, nodes);
        findForms(nodes, gradients);
        if (sharding != Sharding.NONE) {
            for (Node input : graph.inputs()) {
                Attr.Input attr = input.attr(Attr.Input.class);
                Node update = graph.updates().get(attr.name());
                if (attr.role() == Attr.Role.STATE && update != null && of(update) == Form.SEGMENT) {
                    states.add(input);
                }
            }
            findForms(nodes, gradients);
        }
    }

    Form of(Node node) {
        return forms.getOrDefault(node, Form.WHOLE);
    }

    /** Whether a rank has a segment of a state alone. */
    boolean isState(String name) {
        return states.stream()
                .anyMatch(input -> input.attr(Attr.Input.class).name().equals(name));
    }

    private void findForms(List<Node> nodes, Set<Node> gradients) {
        for (Node node : nodes) {
            forms.put(node, gradients.contains(node) || states.contains(node) ? Form.SEGMENT : form(node));
        }
    }

    /** Finds what is there to be summed alone, element by element. */
    private void findSummed(Graph graph, List<Node> nodes) {
        Map<Node, Boolean> all = new HashMap<>();
        graph.roots().forEach(root -> all.put(root, false));
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            if (all.getOrDefault(node, false)) {
                summed.add(node);
            }
            boolean passes = isTotal(node) || isElementwise(node) && summed.contains(node);
            node.inputs().forEach(input -> all.merge(input, passes, Boolean::logicalAnd));
        }
    }

    private Form form(Node node) {
        List<Form> inputs = node.inputs().stream().map(this::of).toList();
        if (isTotal(node) && inputs.get(0) == Form.SEGMENT) {
            return Form.PARTIAL;
        }
        if (!isElementwise(node)) {
            return Form.WHOLE;
        }
        boolean sum = node.op() == Op.ADD || node.op() == Op.RESHAPE;
        if (sum && inputs.stream().allMatch(Form.PARTIAL::equals)) {
            return Form.PARTIAL;
        }
        boolean kept = summed.contains(node)
                || sharding != Sharding.NONE && node.shape().size() >= LARGE;
        return kept && inputs.contains(Form.SEGMENT) ? Form.SEGMENT : Form.WHOLE;
    }

    private static boolean isTotal(Node node) {
        return node.op() == Op.SUM
                && node.shape().size() == 1
                && node.input(0).shape().rank() == 1;
    }

    static boolean isElementwise(Node node) {
        return node.kind() == Op.Kind.POINTWISE || node.op() == Op.RESHAPE;
    }
}
