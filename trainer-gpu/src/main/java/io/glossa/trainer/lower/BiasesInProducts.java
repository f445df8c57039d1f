package io.glossa.trainer.lower;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Builder;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Products that add a bias themselves, where nothing but the rounded sum is wanted: as keys and values, which attention reads
 * as they are. All other biases are added by the loop that goes on with the product, for nothing.
 */
public final class BiasesInProducts {
    private BiasesInProducts() {}

    /** @param graph with products of BF16 results */
    public static Graph apply(Graph graph) {
        Set<Node> roundedOnly = roundedOnly(graph);
        return Rewrite.nodes(graph, (builder, node, inputs) -> {
            Node sum = isRounding(node) ? unshaped(node.input(0)) : node;
            return roundedOnly.contains(sum) && isBiased(sum) && sum != node
                    ? biased(builder, node, unshaped(inputs.get(0)))
                    : builder.node(node.op(), inputs, node.attr());
        });
    }

    private static Node biased(Builder builder, Node rounded, Node sum) {
        Node product = product(sum);
        Node bias = builder.node(Op.CAST, List.of(bias(sum)), new Attr.Cast(DType.BF16));
        Node whole =
                builder.node(Op.MATMUL, List.of(product.input(0), product.input(1), bias), new Attr.Result(DType.BF16));
        return builder.node(Op.RESHAPE, List.of(whole), new Attr.Target(rounded.shape()));
    }

    /** A product of matrices plus a vector that is the same for all rows. */
    private static boolean isBiased(Node sum) {
        return sum.op() == Op.ADD && product(sum) != null && bias(sum) != null;
    }

    private static Node product(Node sum) {
        Node product = sum.input(0).op() == Op.CAST ? sum.input(0).input(0) : sum;
        boolean right = product.op() == Op.MATMUL
                && product.inputs().size() == 2
                && product.shape().rank() == 2
                && product.type().dtype() == DType.BF16
                && product.shape().dim(1) == sum.shape().dim(-1);
        return right ? product : null;
    }

    private static Node bias(Node sum) {
        Node bias = sum.input(1).op() == Op.EXPAND ? unshaped(sum.input(1).input(0)) : sum;
        boolean right =
                bias.shape().rank() == 1 && bias.shape().dim(0) == sum.shape().dim(-1);
        return right ? bias : null;
    }

    private static Node unshaped(Node node) {
        Node source = node;
        while (source.op() == Op.RESHAPE) {
            source = source.input(0);
        }
        return source;
    }

    private static boolean isRounding(Node node) {
        return node.op() == Op.CAST && node.type().dtype() == DType.BF16;
    }

    /** Sums that are only rounded, of products that are only added to. */
    private static Set<Node> roundedOnly(Graph graph) {
        List<Node> nodes = graph.nodes();
        Set<Node> read = graph.roots().stream().map(BiasesInProducts::unshaped).collect(Collectors.toSet());
        Map<Node, Long> users = nodes.stream()
                .flatMap(node -> node.inputs().stream())
                .collect(Collectors.groupingBy(node -> node, Collectors.counting()));
        for (Node node : nodes) {
            if (node.op() != Op.RESHAPE && !isRounding(node)) {
                node.inputs().forEach(input -> read.add(unshaped(input)));
            }
        }
        return nodes.stream()
                .filter(node -> !read.contains(node) && isBiased(node))
                .filter(node -> users.get(product(node)) == 1 && users.get(node.input(0)) == 1)
                .collect(Collectors.toSet());
    }
}
