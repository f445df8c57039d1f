package io.glossa.trainer.lower;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Builder;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.F8;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Tensor;
import java.util.List;

/**
 * Linear layers forward as products of F8 operands, each with one scale that takes its largest element to the largest F8
 * number (Micikevicius et al. 2022, "FP8 Formats for Deep Learning", §3). The scales are those of the very tensors, found in
 * the same step. What the backward part multiplies stays BF16.
 */
public final class F8Products {
    /** Extents of a weight are multiples of it where tensor cores are to multiply in F8. */
    private static final int MULTIPLE = 16;

    /** Stands in for the largest element of a tensor of zeros. */
    private static final double TINY = 1e-30;

    private F8Products() {}

    /** @param graph with its composites; {@link MixedPrecision} comes later */
    public static Graph apply(Graph graph) {
        return Rewrite.nodes(
                graph,
                (builder, node, inputs) -> isEligible(node)
                        ? product(builder, new Tensor(builder, inputs.get(0)), new Tensor(builder, inputs.get(1)))
                        : builder.node(node.op(), inputs, node.attr()));
    }

    private static boolean isEligible(Node node) {
        return node.op() == Op.CALL
                && node.attr(Attr.Call.class).composite().isLinear()
                && node.input(1).shape().dim(0) % MULTIPLE == 0
                && node.input(1).shape().dim(1) % MULTIPLE == 0;
    }

    /** Both operands lie in memory along the axis that is added up, as tensor cores read F8. */
    private static Node product(Builder builder, Tensor x, Tensor weight) {
        Tensor rows = x.cast(DType.BF16).cast(DType.F32);
        Tensor columns = weight.transpose();
        Tensor rowScale = scale(rows);
        Tensor columnScale = scale(columns);
        Node product = builder.node(
                Op.MATMUL,
                List.of(
                        rows.mul(rowScale).cast(DType.F8).node(),
                        columns.mul(columnScale).cast(DType.F8).transpose().node()),
                new Attr.Result(DType.BF16));
        return new Tensor(builder, product)
                .cast(DType.F32)
                .div(rowScale.mul(columnScale))
                .node();
    }

    private static Tensor scale(Tensor x) {
        Tensor largest = x.abs().max(0, 1).reshape();
        return largest.maximum(largest.constant(TINY)).reciprocal().mul(F8.MAX);
    }
}
