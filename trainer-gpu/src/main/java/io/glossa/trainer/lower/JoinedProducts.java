package io.glossa.trainer.lower;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Builder;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes one product of several that share an operand ({@link SharedOperands}): value and gate of a gated linear unit are two
 * halves of one product of x [N, d] and both weights side by side [d, 2·n], query, key and value thirds of another; the
 * gradients of all weights that x meets are parts of one product of xᵀ and all dyᵢ side by side; and the gradient of x is one
 * product along the joined axis, without partial sums to add. Parts are slices, which are read where they lie.
 */
public final class JoinedProducts {
    private final Map<Node, SharedOperands.Sharing> sharing = new HashMap<>();
    private final Map<Node, SharedOperands.Sum> sums;

    /** The operands that each one lies side by side with. */
    private final Map<Node, List<Node>> rows = new HashMap<>();

    private final Map<Node, Node> made = new HashMap<>();

    private JoinedProducts(SharedOperands shared) {
        shared.sharing().forEach(all -> all.products().forEach(product -> sharing.putIfAbsent(product, all)));
        sums = shared.sums();
        shared.joined().forEach(row -> row.forEach(operand -> rows.putIfAbsent(operand, row)));
    }

    /** @param graph with products of BF16 operands */
    public static Graph apply(Graph graph) {
        List<Node> nodes = Rewrite.all(graph);
        KernelLevels levels = new KernelLevels(nodes);
        JoinedProducts pass = new JoinedProducts(new SharedOperands(graph, nodes, levels));
        return Rewrite.nodes(graph, levels.order(), pass::rewrite);
    }

    private Node rewrite(Builder builder, Node node, List<Node> inputs) {
        Node result;
        if (sharing.containsKey(node)) {
            SharedOperands.Sharing all = sharing.get(node);
            List<Node> operands = new ArrayList<>(List.of(reading(builder, node.input(0)), row(builder, all.right())));
            if (all.products().stream().anyMatch(SharedOperands::isBiased)) {
                operands.add(biases(builder, all.products()));
            }
            Node joined = builder.node(Op.MATMUL, operands, node.attr());
            result = part(
                    builder,
                    joined,
                    all.products().indexOf(node),
                    all.products().size());
        } else if (sums.containsKey(node)) {
            result = sum(builder, sums.get(node));
        } else if (node.op() == Op.MATMUL || node.kind() == Op.Kind.REDUCTION) {
            List<Node> reads =
                    node.inputs().stream().map(input -> reading(builder, input)).toList();
            result = builder.node(node.op(), reads, node.attr());
        } else {
            result = builder.node(node.op(), inputs, node.attr());
        }
        made.put(node, result);
        return result;
    }

    private Node sum(Builder builder, SharedOperands.Sum sum) {
        Tensor turned = new Tensor(builder, row(builder, sum.turned()));
        Node product = builder.node(
                Op.MATMUL,
                List.of(row(builder, sum.left()), turned.transpose().node()),
                sum.product().attr());
        Tensor all = new Tensor(builder, product).cast(DType.F32);
        for (Node other : sum.others()) {
            all = all.add(new Tensor(builder, now(other)));
        }
        return all.node();
    }

    /** What products [N, n] add themselves, zeros where one adds nothing: [all n]. */
    private Node biases(Builder builder, List<Node> products) {
        List<Node> each = products.stream()
                .map(product -> SharedOperands.isBiased(product)
                        ? now(product.input(2))
                        : new Tensor(builder, builder.constant(0, product.type().dtype()))
                                .expand(Shape.of(product.shape().dim(1)))
                                .node())
                .toList();
        return builder.node(Op.CONCAT, each, new Attr.Axis(0));
    }

    /** [N, n] each → [N, all n]. */
    private Node row(Builder builder, List<Node> operands) {
        return builder.node(Op.CONCAT, operands.stream().map(this::now).toList(), new Attr.Axis(1));
    }

    /** What a product or a sum reads: an operand as a part of what it was joined to. */
    private Node reading(Builder builder, Node node) {
        List<Node> row = rows.get(node);
        if (row != null) {
            return part(builder, row(builder, row), row.indexOf(node), row.size());
        }
        boolean moved = node.kind() == Op.Kind.MOVEMENT && node.op() != Op.CONCAT || node.op() == Op.CAST;
        return moved ? builder.node(node.op(), List.of(reading(builder, node.input(0))), node.attr()) : now(node);
    }

    /** What stands for a node of the graph; inputs stand for themselves. */
    private Node now(Node node) {
        return made.getOrDefault(node, node);
    }

    private static Node part(Builder builder, Node row, int index, int count) {
        int width = row.shape().dim(1) / count;
        return new Tensor(builder, row)
                .slice(1, index * width, (index + 1) * width)
                .node();
    }
}
