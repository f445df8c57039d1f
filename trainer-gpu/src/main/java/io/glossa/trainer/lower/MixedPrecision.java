package io.glossa.trainer.lower;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Builder;
import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Gathered;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Matrix products and convolutions of BF16 operands with F32 sums (Micikevicius et al. 2018, with BF16 in place of FP16, so without loss
 * scaling). Results are BF16 too, but for gradients of parameters. All else stays F32: parameters, the optimizer's state,
 * reductions, losses, and everything pointwise, which a kernel computes in registers. A sum of an operand, such as the
 * gradient of a bias, adds up what the product reads, so that the operand is in memory once.
 */
public final class MixedPrecision {
    private final Set<Node> exact;
    private final Set<Node> operands;

    private MixedPrecision(Set<Node> exact, Set<Node> operands) {
        this.exact = exact;
        this.operands = operands;
    }

    public static Graph apply(Graph graph) {
        MixedPrecision pass = new MixedPrecision(gradientProducts(graph), operands(graph));
        return Rewrite.nodes(graph, pass::rewrite);
    }

    /** The types in which a product sees its operands. */
    public static List<Type> operands(Composite product, List<Type> types) {
        return IntStream.range(0, types.size())
                .mapToObj(i -> types.get(i).dtype() == DType.F32 && product.rounds(i)
                        ? new Type(DType.BF16, types.get(i).shape())
                        : types.get(i))
                .toList();
    }

    private Node rewrite(Builder builder, Node node, List<Node> inputs) {
        if (node.op() == Op.SUM && operands.contains(unmoved(node.input(0)))) {
            Node rounded = builder.node(Op.CAST, List.of(half(builder, inputs.get(0))), new Attr.Cast(DType.F32));
            return builder.node(Op.SUM, List.of(rounded), node.attr());
        }
        if (!isProduct(node) || inputs.get(0).type().dtype() != DType.F32) {
            return builder.node(node.op(), inputs, node.attr());
        }
        List<Node> halves = new ArrayList<>(inputs);
        for (int i = 0; i < inputs.size(); i++) {
            if (rounds(node, i)) {
                halves.set(i, half(builder, inputs.get(i)));
            }
        }
        if (exact.contains(node)) {
            return builder.node(node.op(), halves, node.attr());
        }
        Node product = builder.node(node.op(), halves, rounded(node.attr()));
        return builder.node(Op.CAST, List.of(product), new Attr.Cast(DType.F32));
    }

    private static Attr rounded(Attr attr) {
        if (attr instanceof Attr.Conv conv) {
            return new Attr.Conv(conv.stride(), conv.padding(), conv.target(), DType.BF16);
        }
        return attr instanceof Attr.Call ? attr : new Attr.Result(DType.BF16);
    }

    /**
     * Rounded where the value is made, so that it is kept in half the memory, and of a parameter's segment half as much is sent;
     * movements are taken along.
     */
    private static Node half(Builder builder, Node node) {
        if (node.kind() == Op.Kind.MOVEMENT || Gathered.is(node)) {
            List<Node> inputs =
                    node.inputs().stream().map(in -> half(builder, in)).toList();
            return builder.node(node.op(), inputs, node.attr());
        }
        boolean widened = node.op() == Op.CAST && node.input(0).type().dtype() == DType.BF16;
        return widened ? node.input(0) : builder.node(Op.CAST, List.of(node), new Attr.Cast(DType.BF16));
    }

    private static boolean rounds(Node product, int input) {
        return product.input(input).type().dtype() == DType.F32
                && (product.op() != Op.CALL
                        || product.attr(Attr.Call.class).composite().rounds(input));
    }

    private static boolean isProduct(Node node) {
        return switch (node.op()) {
            case MATMUL, CONV2D, CONV2D_GRAD_INPUT, CONV2D_GRAD_WEIGHT -> true;
            case CALL -> node.attr(Attr.Call.class).composite().isProduct();
            default -> false;
        };
    }

    /** What products read, seen through movements. */
    private static Set<Node> operands(Graph graph) {
        Set<Node> operands = new HashSet<>();
        for (Node node : graph.nodes()) {
            for (int i = 0; isProduct(node) && i < node.inputs().size(); i++) {
                if (rounds(node, i)) {
                    operands.add(unmoved(node.input(i)));
                }
            }
        }
        operands.removeIf(node -> node.kind() == Op.Kind.LEAF || node.type().dtype() != DType.F32);
        return operands;
    }

    /** The value that movements, but for what joins several, show elsewhere. */
    static Node unmoved(Node node) {
        Node source = node;
        while (source.kind() == Op.Kind.MOVEMENT && source.op() != Op.CONCAT) {
            source = source.input(0);
        }
        return source;
    }

    /** The products that become gradients of parameters, seen through movements and sums. */
    private static Set<Node> gradientProducts(Graph graph) {
        Set<Node> products = new HashSet<>();
        Set<Node> seen = new HashSet<>();
        List<Node> stack = new ArrayList<>(graph.gradients().values());
        while (!stack.isEmpty()) {
            Node node = stack.remove(stack.size() - 1);
            if (!seen.add(node)) {
                continue;
            }
            if (isProduct(node) && node.op() != Op.CALL) {
                products.add(node);
            } else if (node.kind() == Op.Kind.MOVEMENT || node.op() == Op.ADD) {
                stack.addAll(node.inputs());
            }
        }
        return products;
    }
}
