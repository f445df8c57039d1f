package io.glossa.trainer.lower;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Builder;
import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/** Replaces composites by their decompositions, as deep as they go. */
public final class Decompose {
    private Decompose() {}

    /** Leaves nothing but primitives. */
    public static Graph everything(Graph graph) {
        return apply(graph, (composite, inputs) -> false);
    }

    /** @param kept composites to leave as they are, such as those the device has a kernel for */
    public static Graph apply(Graph graph, BiPredicate<Composite, List<Type>> kept) {
        return Rewrite.nodes(graph, (builder, node, inputs) -> primitives(builder, node, inputs, kept));
    }

    private static Node primitives(
            Builder builder, Node node, List<Node> inputs, BiPredicate<Composite, List<Type>> kept) {
        if (node.op() != Op.CALL || kept.test(node.attr(Attr.Call.class).composite(), types(inputs))) {
            return builder.node(node.op(), inputs, node.attr());
        }
        Tensor value = node.attr(Attr.Call.class)
                .composite()
                .decompose(inputs.stream().map(n -> new Tensor(builder, n)).toList());
        Map<Node, Node> done = new HashMap<>();
        inputs.forEach(input -> done.put(input, input));
        for (Node inner : between(done.keySet(), value.node())) {
            List<Node> own = inner.inputs().stream().map(done::get).toList();
            done.put(inner, inner.kind() == Op.Kind.LEAF ? inner : primitives(builder, inner, own, kept));
        }
        return done.get(value.node());
    }

    /** What a value needs beside what is given, inputs before users. */
    private static List<Node> between(Set<Node> given, Node value) {
        Set<Node> seen = new HashSet<>(given);
        List<Node> between = new ArrayList<>();
        List<Node> stack = new ArrayList<>(List.of(value));
        while (!stack.isEmpty()) {
            Node node = stack.remove(stack.size() - 1);
            if (seen.add(node)) {
                between.add(node);
                stack.addAll(node.inputs());
            }
        }
        between.sort(Comparator.comparingInt(Node::id));
        return between;
    }

    private static List<Type> types(List<Node> nodes) {
        return nodes.stream().map(Node::type).toList();
    }
}
