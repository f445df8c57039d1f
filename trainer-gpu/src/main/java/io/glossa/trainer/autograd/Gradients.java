package io.glossa.trainer.autograd;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Builder;
import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reverse mode: walks the graph of a scalar backwards, adding up what each use of a node sends back. */
public final class Gradients {
    private Gradients() {}

    /**
     * Gradients of a scalar for the named nodes, of their shapes. A node that the scalar does not depend on has zeros.
     *
     * @param loss F32, shape []
     */
    public static Map<String, Tensor> of(Tensor loss, Map<String, Node> wanted) {
        if (loss.rank() != 0 || loss.dtype() != DType.F32) {
            throw GlossaException.user("Cannot differentiate " + loss.node().type()
                    + ": expected an f32 scalar (sum or average it first)");
        }
        Builder builder = loss.builder();
        Map<Node, Tensor> gradient = pull(loss, loss.constant(1), new HashSet<>(wanted.values()));
        Map<String, Tensor> result = new LinkedHashMap<>();
        wanted.forEach((name, node) -> result.put(
                name,
                gradient.getOrDefault(
                        node, new Tensor(builder, node).full(0, node.shape().dims()))));
        return result;
    }

    /** The PARAMETER inputs that a scalar depends on, by name. */
    public static Map<String, Node> parameters(Tensor loss) {
        Map<String, Node> parameters = new LinkedHashMap<>();
        for (Node node : Graph.reachable(List.of(loss.node()))) {
            if (node.op() == Op.INPUT && node.attr(Attr.Input.class).role() == Attr.Role.PARAMETER) {
                parameters.put(node.attr(Attr.Input.class).name(), node);
            }
        }
        return parameters;
    }

    /** From dL/dy to dL/dx of the wanted nodes that y depends on; nothing is pulled through a wanted node. */
    private static Map<Node, Tensor> pull(Tensor y, Tensor dy, Set<Node> wanted) {
        List<Node> order = Graph.reachable(List.of(y.node()));
        Set<Node> active = dependents(order, wanted);
        Map<Node, Tensor> gradient = new HashMap<>();
        gradient.put(y.node(), dy);
        for (int i = order.size() - 1; i >= 0; i--) {
            Node node = order.get(i);
            if (!gradient.containsKey(node) || !active.contains(node) || wanted.contains(node)) {
                continue;
            }
            List<Tensor> dx = vjp(new Tensor(y.builder(), node), gradient.get(node));
            for (int k = 0; k < dx.size(); k++) {
                if (dx.get(k) != null && active.contains(node.input(k))) {
                    gradient.merge(node.input(k), dx.get(k), Tensor::add);
                }
            }
        }
        return gradient;
    }

    /** The row of the table, or for a composite without a derivative of its own that of its decomposition. */
    private static List<Tensor> vjp(Tensor y, Tensor dy) {
        List<Tensor> in =
                y.node().inputs().stream().map(n -> new Tensor(y.builder(), n)).toList();
        if (y.node().op() != Op.CALL) {
            return VjpRules.vjp(in, y, dy);
        }
        Composite composite = y.node().attr(Attr.Call.class).composite();
        return composite.vjp(in, y, dy).orElseGet(() -> {
            Map<Node, Tensor> gradient =
                    pull(composite.decompose(in), dy, new HashSet<>(y.node().inputs()));
            return in.stream().map(x -> gradient.get(x.node())).collect(Collectors.toCollection(ArrayList::new));
        });
    }

    private static Set<Node> dependents(List<Node> order, Set<Node> wanted) {
        Set<Node> active = new HashSet<>(wanted);
        for (Node node : order) {
            if (node.inputs().stream().anyMatch(active::contains)) {
                active.add(node);
            }
        }
        return active;
    }
}
