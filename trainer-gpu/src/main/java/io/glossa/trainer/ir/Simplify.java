package io.glossa.trainer.ir;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Identities applied when a node is made, so that derivatives do not fill the graph with x·1 + 0. */
final class Simplify {
    private Simplify() {}

    /** A node of equal value, or null where no identity holds. */
    static Node rewrite(Builder b, Op op, List<Node> in, Attr attr) {
        return switch (op) {
            case RESHAPE -> reshape(b, in.get(0), ((Attr.Target) attr).shape());
            case EXPAND -> expand(b, in.get(0), ((Attr.Target) attr).shape());
            case PERMUTE -> permute(b, in.get(0), ((Attr.Axes) attr).axes());
            case SLICE -> slice(in.get(0), (Attr.Bounds) attr);
            case PAD -> isZero((Attr.Bounds) attr) ? in.get(0) : null;
            case CAST -> cast(b, in.get(0), ((Attr.Cast) attr).dtype());
            case SUM, MAX ->
                ((Attr.Axes) attr)
                                .axes().stream().allMatch(a -> in.get(0).shape().dim(a) == 1)
                        ? in.get(0)
                        : null;
            case ADD -> isConstant(in.get(0), 0) ? in.get(1) : isConstant(in.get(1), 0) ? in.get(0) : null;
            case SUB -> isConstant(in.get(1), 0) ? in.get(0) : null;
            case MUL ->
                isConstant(in.get(0), 1) || isConstant(in.get(1), 0)
                        ? in.get(1)
                        : isConstant(in.get(1), 1) || isConstant(in.get(0), 0) ? in.get(0) : null;
            case DIV -> isConstant(in.get(1), 1) || isConstant(in.get(0), 0) ? in.get(0) : null;
            case NEG -> in.get(0).op() == Op.NEG ? in.get(0).input(0) : null;
            case MAXIMUM ->
                isNumber(in.get(0)) && isNumber(in.get(1))
                        ? b.constant(
                                Math.max(number(in.get(0)), number(in.get(1))),
                                in.get(0).type().dtype())
                        : null;
            case RECIPROCAL -> isConstant(in.get(0), 1) ? in.get(0) : null;
            default -> null;
        };
    }

    /** What lies between zeros is what it was before. */
    private static Node slice(Node x, Attr.Bounds bounds) {
        if (isWhole(x.shape(), bounds)) {
            return x;
        }
        boolean unpadded = x.op() == Op.PAD
                && bounds.equals(
                        inside(x.input(0).shape(), x.attr(Attr.Bounds.class).low()));
        return unpadded ? x.input(0) : null;
    }

    /** What was made wider is what it was before. */
    private static Node cast(Builder b, Node x, DType to) {
        if (x.type().dtype() == to) {
            return x;
        }
        Node source = x;
        while (source.op() == Op.RESHAPE) {
            source = source.input(0);
        }
        boolean widened = source.op() == Op.CAST
                && source.type().dtype() == DType.F32
                && source.input(0).type().dtype() == DType.BF16;
        return to == DType.BF16 && widened ? b.node(Op.RESHAPE, source.inputs(), new Attr.Target(x.shape())) : null;
    }

    private static Node reshape(Builder b, Node x, Shape target) {
        if (x.shape().equals(target)) {
            return x;
        }
        return x.op() == Op.RESHAPE ? b.node(Op.RESHAPE, x.inputs(), new Attr.Target(target)) : null;
    }

    private static Node expand(Builder b, Node x, Shape target) {
        if (x.shape().equals(target)) {
            return x;
        }
        return x.op() == Op.EXPAND ? b.node(Op.EXPAND, x.inputs(), new Attr.Target(target)) : null;
    }

    private static Node permute(Builder b, Node x, List<Integer> axes) {
        if (axes.equals(IntStream.range(0, axes.size()).boxed().toList())) {
            return x;
        }
        if (x.op() != Op.PERMUTE) {
            return null;
        }
        List<Integer> inner = x.attr(Attr.Axes.class).axes();
        List<Integer> both = new ArrayList<>();
        for (int axis : axes) {
            both.add(inner.get(axis));
        }
        return b.node(Op.PERMUTE, x.inputs(), new Attr.Axes(both));
    }

    private static boolean isWhole(Shape shape, Attr.Bounds bounds) {
        return bounds.equals(inside(shape, Collections.nCopies(shape.rank(), 0)));
    }

    /** Where a tensor lies in one with so many zeros before it. */
    private static Attr.Bounds inside(Shape shape, List<Integer> before) {
        return new Attr.Bounds(
                before,
                IntStream.range(0, shape.rank())
                        .mapToObj(i -> before.get(i) + shape.dim(i))
                        .toList());
    }

    private static boolean isZero(Attr.Bounds pad) {
        return pad.low().stream().allMatch(p -> p == 0) && pad.high().stream().allMatch(p -> p == 0);
    }

    private static boolean isNumber(Node node) {
        return node.op() == Op.CONSTANT;
    }

    private static double number(Node constant) {
        return constant.attr(Attr.Number.class).value();
    }

    /** Whether every element is this number, seen through reshapes and repetition. */
    private static boolean isConstant(Node node, double value) {
        Node source = node;
        while (source.op() == Op.RESHAPE || source.op() == Op.EXPAND) {
            source = source.input(0);
        }
        return source.op() == Op.CONSTANT && source.attr(Attr.Number.class).value() == value;
    }
}
