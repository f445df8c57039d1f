package io.glossa.trainer.ir;

import io.glossa.error.GlossaException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What type each primitive gives for its inputs, and what it refuses. One row per primitive. */
public final class ShapeRules {
    private interface Rule {
        Type type(List<Type> in, Attr attr);
    }

    private static final Map<Op, Rule> RULES = new EnumMap<>(Op.class);

    static {
        RULES.put(Op.INPUT, (in, attr) -> {
            throw GlossaException.internal("Cannot infer the type of an input: inputs state theirs");
        });
        RULES.put(Op.CONSTANT, (in, attr) -> new Type(((Attr.Number) attr).dtype(), Shape.of()));
        RULES.put(Op.DATA, (in, attr) -> ((Attr.Data) attr).value().type());
        RULES.put(Op.IOTA, (in, attr) -> new Type(DType.I32, ((Attr.Target) attr).shape()));
        RULES.put(Op.RANDOM_UNIFORM, (in, attr) -> {
            Shape shape = ((Attr.Random) attr).shape();
            Shape streams = in.get(1).shape();
            require(
                    streams.rank() == 0 || streams.rank() == 1 && streams.dim(0) == shape.dim(0),
                    Op.RANDOM_UNIFORM,
                    "streams " + streams,
                    "one stream, or one for each of " + shape.dim(0) + " rows");
            return new Type(DType.F32, shape);
        });
        for (Op op : List.of(Op.NEG, Op.ABS)) {
            RULES.put(op, (in, attr) -> in.get(0));
        }
        for (Op op : List.of(Op.EXP, Op.LOG, Op.SQRT, Op.RECIPROCAL, Op.SIN, Op.COS, Op.FLOOR)) {
            RULES.put(op, (in, attr) -> all(op, DType.F32, in));
        }
        RULES.put(Op.NOT, (in, attr) -> all(Op.NOT, DType.BOOL, in));
        RULES.put(
                Op.CAST,
                (in, attr) -> new Type(((Attr.Cast) attr).dtype(), in.get(0).shape()));
        for (Op op : List.of(Op.ADD, Op.SUB, Op.MUL, Op.MAXIMUM, Op.MINIMUM)) {
            RULES.put(op, (in, attr) -> same(op, in.get(0), in.get(1)));
        }
        RULES.put(Op.DIV, (in, attr) -> all(Op.DIV, DType.F32, in));
        for (Op op : List.of(Op.LESS, Op.EQUAL)) {
            RULES.put(
                    op,
                    (in, attr) ->
                            new Type(DType.BOOL, same(op, in.get(0), in.get(1)).shape()));
        }
        for (Op op : List.of(Op.AND, Op.OR)) {
            RULES.put(op, (in, attr) -> all(op, DType.BOOL, in));
        }
        RULES.put(Op.WHERE, (in, attr) -> {
            Type value = same(Op.WHERE, in.get(1), in.get(2));
            require(
                    in.get(0).equals(new Type(DType.BOOL, value.shape())),
                    Op.WHERE,
                    "condition " + in.get(0),
                    "bool" + value.shape());
            return value;
        });
        RULES.put(
                Op.ROUND_RANDOMLY,
                (in, attr) -> new Type(
                        DType.BF16, all(Op.ROUND_RANDOMLY, DType.F32, in).shape()));
        for (Op op : List.of(Op.SUM, Op.MAX)) {
            RULES.put(op, (in, attr) -> {
                Shape shape = in.get(0).shape();
                for (int axis : ((Attr.Axes) attr).axes()) {
                    shape = shape.with(axis, 1);
                }
                return new Type(in.get(0).dtype(), shape);
            });
        }
        RULES.put(Op.RESHAPE, (in, attr) -> {
            Shape target = ((Attr.Target) attr).shape();
            require(in.get(0).shape().size() == target.size(), Op.RESHAPE, in.get(0) + " to " + target, "as many");
            return new Type(in.get(0).dtype(), target);
        });
        RULES.put(Op.SAVED, (in, attr) -> in.get(0));
        RULES.put(Op.EXPAND, ShapeRules::expand);
        RULES.put(Op.PERMUTE, (in, attr) -> {
            List<Integer> axes = ((Attr.Axes) attr).axes();
            int[] dims = new int[axes.size()];
            require(dims.length == in.get(0).shape().rank(), Op.PERMUTE, axes + " of " + in.get(0), "every axis once");
            for (int i = 0; i < dims.length; i++) {
                dims[i] = in.get(0).shape().dim(axes.get(i));
            }
            return new Type(in.get(0).dtype(), Shape.of(dims));
        });
        RULES.put(Op.SLICE, ShapeRules::slice);
        RULES.put(Op.PAD, (in, attr) -> {
            Attr.Bounds pad = (Attr.Bounds) attr;
            int[] dims = in.get(0).shape().dims();
            for (int i = 0; i < dims.length; i++) {
                dims[i] += pad.low().get(i) + pad.high().get(i);
            }
            return new Type(in.get(0).dtype(), Shape.of(dims));
        });
        RULES.put(Op.SHEAR, (in, attr) -> {
            require(in.get(0).shape().rank() >= 2, Op.SHEAR, in.get(0).toString(), "rank 2 or more");
            return new Type(in.get(0).dtype(), in.get(0).shape().with(-1, ((Attr.Shear) attr).columns()));
        });
        RULES.put(Op.CONCAT, (in, attr) -> {
            int axis = ((Attr.Axis) attr).axis();
            int extent = 0;
            for (Type type : in) {
                require(
                        type.shape().with(axis, 1).equals(in.get(0).shape().with(axis, 1)),
                        Op.CONCAT,
                        in.toString(),
                        "equal extents but along axis " + axis);
                extent += type.shape().dim(axis);
            }
            return new Type(in.get(0).dtype(), in.get(0).shape().with(axis, extent));
        });
        RULES.put(Op.MATMUL, (in, attr) -> {
            Shape a = in.get(0).shape();
            Shape b = in.get(1).shape();
            boolean fits = a.rank() >= 2
                    && a.rank() == b.rank()
                    && a.dim(-1) == b.dim(-2)
                    && in.get(0).dtype() == in.get(1).dtype()
                    && (in.size() == 2 || in.get(2).shape().equals(Shape.of(b.dim(-1))));
            for (int i = 0; fits && i < a.rank() - 2; i++) {
                fits = a.dim(i) == b.dim(i);
            }
            require(
                    fits,
                    Op.MATMUL,
                    in.get(0) + " x " + in.get(1),
                    "[batch..., m, k] x [batch..., k, n], and a bias [n] or none");
            DType result = attr instanceof Attr.Result stated ? stated.dtype() : DType.F32;
            return new Type(result, a.with(-1, b.dim(-1)));
        });
        RULES.put(Op.CONV2D, (in, attr) -> {
            Attr.Conv conv = (Attr.Conv) attr;
            Shape x = in.get(0).shape();
            Shape w = in.get(1).shape();
            require(
                    x.rank() == 4 && w.rank() == 4 && x.dim(3) == w.dim(2),
                    Op.CONV2D,
                    x + " * " + w,
                    "[B, H, W, C] * [kh, kw, C, O]");
            return new Type(
                    conv.result(),
                    Shape.of(x.dim(0), conv.extent(x.dim(1), w.dim(0)), conv.extent(x.dim(2), w.dim(1)), w.dim(3)));
        });
        for (Op op : List.of(Op.CONV2D_GRAD_INPUT, Op.CONV2D_GRAD_WEIGHT)) {
            RULES.put(op, (in, attr) -> new Type(((Attr.Conv) attr).result(), ((Attr.Conv) attr).target()));
        }
        RULES.put(Op.GATHER, (in, attr) -> {
            require(in.get(1).dtype() == DType.I32, Op.GATHER, "ids " + in.get(1), "i32");
            return new Type(
                    in.get(0).dtype(),
                    join(in.get(1).shape().dims(), tail(in.get(0).shape(), 1)));
        });
        RULES.put(Op.SCATTER_ADD, (in, attr) -> {
            int rank = in.get(1).shape().rank();
            require(in.get(1).dtype() == DType.I32, Op.SCATTER_ADD, "ids " + in.get(1), "i32");
            return new Type(
                    in.get(0).dtype(),
                    join(new int[] {((Attr.Rows) attr).rows()}, tail(in.get(0).shape(), rank)));
        });
        RULES.put(Op.CUMSUM, (in, attr) -> in.get(0));
        RULES.put(Op.ALL_REDUCE, (in, attr) -> all(Op.ALL_REDUCE, DType.F32, in));
        RULES.put(Op.SHARD, (in, attr) -> {
            require(in.get(0).shape().rank() == 1, Op.SHARD, in.get(0).toString(), "one axis");
            return new Type(
                    in.get(0).dtype(),
                    Shape.of(((Attr.Segment) attr).of(in.get(0).shape().size())));
        });
        RULES.put(Op.REDUCE_SCATTER, (in, attr) -> {
            int ranks = ((Attr.Segment) attr).count();
            Type type = all(Op.REDUCE_SCATTER, DType.F32, in);
            require(
                    type.shape().rank() == 1 && type.shape().size() % ranks == 0,
                    Op.REDUCE_SCATTER,
                    type + " for " + ranks + " ranks",
                    "equal segments");
            return Type.f32(type.shape().dim(0) / ranks);
        });
        RULES.put(Op.ALL_GATHER, (in, attr) -> {
            Type type = in.get(0);
            boolean right = type.dtype() == DType.F32 || type.dtype() == DType.BF16;
            require(right && type.shape().rank() == 1, Op.ALL_GATHER, type.toString(), "f32 or bf16 of one axis");
            return new Type(type.dtype(), Shape.of(type.shape().dim(0) * ((Attr.Segment) attr).count()));
        });
        RULES.put(Op.CALL, (in, attr) -> ((Attr.Call) attr).composite().type(in));
    }

    private ShapeRules() {}

    /** @throws GlossaException naming the primitive, what it was given and what it takes */
    public static Type type(Op op, List<Node> inputs, Attr attr) {
        return RULES.get(op).type(inputs.stream().map(Node::type).toList(), attr);
    }

    private static Type expand(List<Type> in, Attr attr) {
        Shape from = in.get(0).shape();
        Shape to = ((Attr.Target) attr).shape();
        boolean fits = from.rank() == to.rank();
        for (int i = 0; fits && i < from.rank(); i++) {
            fits = from.dim(i) == to.dim(i) || from.dim(i) == 1;
        }
        require(fits, Op.EXPAND, from + " to " + to, "equal extents, or 1 where they differ");
        return new Type(in.get(0).dtype(), to);
    }

    private static Type slice(List<Type> in, Attr attr) {
        Attr.Bounds bounds = (Attr.Bounds) attr;
        int[] dims = in.get(0).shape().dims();
        for (int i = 0; i < dims.length; i++) {
            int low = bounds.low().get(i);
            int high = bounds.high().get(i);
            require(
                    0 <= low && low < high && high <= dims[i],
                    Op.SLICE,
                    low + ".." + high + " of axis " + i,
                    "a part of 0.." + dims[i]);
            dims[i] = high - low;
        }
        return new Type(in.get(0).dtype(), Shape.of(dims));
    }

    private static Type all(Op op, DType dtype, List<Type> in) {
        Type type = in.size() == 1 ? in.get(0) : same(op, in.get(0), in.get(1));
        require(type.dtype() == dtype, op, type.toString(), dtype.toString());
        return type;
    }

    private static Type same(Op op, Type a, Type b) {
        require(a.equals(b), op, a + " and " + b, "equal types");
        return a;
    }

    private static Shape join(int[] head, int[] tail) {
        int[] dims = java.util.Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, dims, head.length, tail.length);
        return Shape.of(dims);
    }

    private static int[] tail(Shape shape, int from) {
        return java.util.Arrays.copyOfRange(shape.dims(), from, shape.rank());
    }

    private static void require(boolean holds, Op op, String found, String expected) {
        if (!holds) {
            throw GlossaException.user("Cannot apply " + op + ": found " + found + ", expected " + expected);
        }
    }
}
