package io.glossa.trainer.ir;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A symbolic tensor: a node and the builder that makes more of them. Model code is written in these.
 *
 * <p>Elementwise methods align shapes from the last axis and repeat extents of 1. Reductions keep their axes.
 */
public record Tensor(Builder builder, Node node) {
    public Shape shape() {
        return node.shape();
    }

    public DType dtype() {
        return node.type().dtype();
    }

    public int dim(int axis) {
        return shape().dim(axis);
    }

    public int rank() {
        return shape().rank();
    }

    private Tensor make(Op op, Attr attr, Tensor... inputs) {
        return new Tensor(
                builder,
                builder.node(op, Arrays.stream(inputs).map(Tensor::node).toList(), attr));
    }

    // Leaves.

    /** A number of this tensor's element type. */
    public Tensor constant(double value) {
        return new Tensor(builder, builder.constant(value, dtype()));
    }

    public Tensor data(String name, HostTensor value) {
        return make(Op.DATA, new Attr.Data(name, value));
    }

    /** I32: each element is its index along the last axis. */
    public Tensor iota(int... dims) {
        return make(Op.IOTA, new Attr.Target(Shape.of(dims)));
    }

    /** This number repeated. */
    public Tensor full(double value, int... dims) {
        return constant(value).expand(Shape.of(dims));
    }

    // Elementwise.

    public Tensor neg() {
        return make(Op.NEG, Attr.NONE, this);
    }

    public Tensor abs() {
        return make(Op.ABS, Attr.NONE, this);
    }

    public Tensor exp() {
        return make(Op.EXP, Attr.NONE, this);
    }

    public Tensor log() {
        return make(Op.LOG, Attr.NONE, this);
    }

    public Tensor sqrt() {
        return make(Op.SQRT, Attr.NONE, this);
    }

    public Tensor reciprocal() {
        return make(Op.RECIPROCAL, Attr.NONE, this);
    }

    public Tensor sin() {
        return make(Op.SIN, Attr.NONE, this);
    }

    public Tensor cos() {
        return make(Op.COS, Attr.NONE, this);
    }

    public Tensor floor() {
        return make(Op.FLOOR, Attr.NONE, this);
    }

    public Tensor not() {
        return make(Op.NOT, Attr.NONE, this);
    }

    public Tensor cast(DType dtype) {
        return make(Op.CAST, new Attr.Cast(dtype), this);
    }

    /** BF16: each element up or down by chance, so that the mean of many is the element; has no gradient. */
    public Tensor roundRandomly(Tensor uniform) {
        return make(Op.ROUND_RANDOMLY, Attr.NONE, this, uniform);
    }

    public Tensor add(Tensor other) {
        return binary(Op.ADD, other);
    }

    public Tensor add(double number) {
        return add(constant(number));
    }

    public Tensor sub(Tensor other) {
        return binary(Op.SUB, other);
    }

    public Tensor mul(Tensor other) {
        return binary(Op.MUL, other);
    }

    public Tensor mul(double number) {
        return mul(constant(number));
    }

    public Tensor div(Tensor other) {
        return binary(Op.DIV, other);
    }

    public Tensor maximum(Tensor other) {
        return binary(Op.MAXIMUM, other);
    }

    public Tensor minimum(Tensor other) {
        return binary(Op.MINIMUM, other);
    }

    public Tensor less(Tensor other) {
        return binary(Op.LESS, other);
    }

    public Tensor equal(Tensor other) {
        return binary(Op.EQUAL, other);
    }

    public Tensor and(Tensor other) {
        return binary(Op.AND, other);
    }

    public Tensor or(Tensor other) {
        return binary(Op.OR, other);
    }

    /** This condition chooses: then where true, otherwise elsewhere. */
    public Tensor where(Tensor then, Tensor otherwise) {
        Shape shape = aligned(aligned(shape(), then.shape()), otherwise.shape());
        return make(Op.WHERE, Attr.NONE, expand(shape), then.expand(shape), otherwise.expand(shape));
    }

    /** Max(x, 0). */
    public Tensor relu() {
        return maximum(constant(0));
    }

    /** 1 / (1 + e^-x). */
    public Tensor sigmoid() {
        return neg().exp().add(1).reciprocal();
    }

    private Tensor binary(Op op, Tensor other) {
        Shape shape = aligned(shape(), other.shape());
        return make(op, Attr.NONE, expand(shape), other.expand(shape));
    }

    private static Shape aligned(Shape a, Shape b) {
        Shape longer = a.rank() >= b.rank() ? a : b;
        Shape shorter = longer == a ? b : a;
        int[] dims = longer.dims();
        for (int i = 1; i <= shorter.rank(); i++) {
            dims[dims.length - i] = Math.max(dims[dims.length - i], shorter.dim(-i));
        }
        return Shape.of(dims);
    }

    // Reductions.

    public Tensor sum(int... axes) {
        return make(Op.SUM, axes(axes), this);
    }

    public Tensor max(int... axes) {
        return make(Op.MAX, axes(axes), this);
    }

    public Tensor mean(int... axes) {
        Tensor sum = sum(axes);
        return sum.mul((double) sum.shape().size() / shape().size());
    }

    /** Sum of all elements, shape []. */
    public Tensor total() {
        return reshape((int) shape().size()).sum(0).reshape();
    }

    private Attr.Axes axes(int... axes) {
        return new Attr.Axes(Arrays.stream(axes)
                .map(a -> a < 0 ? rank() + a : a)
                .sorted()
                .boxed()
                .toList());
    }

    // Movement.

    /** The sum over all ranks. */
    public Tensor allReduce() {
        return make(Op.ALL_REDUCE, Attr.NONE, this);
    }

    /** [n] → this rank's segment [m] of it: see {@link Attr.Segment}. */
    public Tensor shard(Attr.Segment segment) {
        return make(Op.SHARD, segment, this);
    }

    /** [ranks · m] → this rank's segment [m] of the sum over all ranks. */
    public Tensor reduceScatter(Attr.Segment segment) {
        return make(Op.REDUCE_SCATTER, segment, this);
    }

    /** [m] → the segments of all ranks, [ranks · m]. */
    public Tensor allGather(Attr.Segment segment) {
        return make(Op.ALL_GATHER, segment, this);
    }

    /** The sum over all parts of a batch, on whatever rank they are; see {@link Attr.Sum}. */
    public Tensor batchSum(String name) {
        return make(Op.ALL_REDUCE, new Attr.Sum(name), this);
    }

    /** The same value, of which what follows is computed apart from what else uses it. */
    public Tensor saved() {
        return make(Op.SAVED, Attr.NONE, this);
    }

    /** The same elements in order; one extent may be -1. */
    public Tensor reshape(int... dims) {
        int[] full = dims.clone();
        long known = 1;
        int open = -1;
        for (int i = 0; i < full.length; i++) {
            if (full[i] == -1) {
                open = i;
            } else {
                known *= full[i];
            }
        }
        if (open >= 0) {
            full[open] = (int) (shape().size() / known);
        }
        return make(Op.RESHAPE, new Attr.Target(Shape.of(full)), this);
    }

    public Tensor permute(int... axes) {
        return make(Op.PERMUTE, new Attr.Axes(Arrays.stream(axes).boxed().toList()), this);
    }

    /** The last two axes exchanged. */
    public Tensor transpose() {
        int[] axes = IntStream.range(0, rank()).toArray();
        axes[rank() - 1] = rank() - 2;
        axes[rank() - 2] = rank() - 1;
        return permute(axes);
    }

    /** Repeats extents of 1, and adds axes in front. */
    public Tensor expand(Shape target) {
        int[] dims = new int[target.rank()];
        Arrays.fill(dims, 1);
        System.arraycopy(shape().dims(), 0, dims, target.rank() - rank(), rank());
        return make(Op.EXPAND, new Attr.Target(target), reshape(dims));
    }

    /** Indices low (included) to high (excluded) of one axis. */
    public Tensor slice(int axis, int low, int high) {
        List<Integer> lows = new ArrayList<>(Collections.nCopies(rank(), 0));
        List<Integer> highs =
                new ArrayList<>(Arrays.stream(shape().dims()).boxed().toList());
        int at = axis < 0 ? rank() + axis : axis;
        lows.set(at, low);
        highs.set(at, high);
        return slice(new Attr.Bounds(List.copyOf(lows), List.copyOf(highs)));
    }

    public Tensor slice(Attr.Bounds bounds) {
        return make(Op.SLICE, bounds, this);
    }

    /** Zeros before and after along one axis. */
    public Tensor pad(int axis, int low, int high) {
        List<Integer> lows = new ArrayList<>(Collections.nCopies(rank(), 0));
        List<Integer> highs = new ArrayList<>(Collections.nCopies(rank(), 0));
        int at = axis < 0 ? rank() + axis : axis;
        lows.set(at, low);
        highs.set(at, high);
        return pad(new Attr.Bounds(List.copyOf(lows), List.copyOf(highs)));
    }

    public Tensor pad(Attr.Bounds zeros) {
        return make(Op.PAD, zeros, this);
    }

    /** out[..., i, j] = this[..., i, j + offset + sign·i] where that exists, else 0. */
    public Tensor shear(int offset, int sign, int columns) {
        return make(Op.SHEAR, new Attr.Shear(offset, sign, columns), this);
    }

    public Tensor concat(int axis, Tensor... others) {
        Tensor[] all = new Tensor[others.length + 1];
        all[0] = this;
        System.arraycopy(others, 0, all, 1, others.length);
        return make(Op.CONCAT, new Attr.Axis(axis < 0 ? rank() + axis : axis), all);
    }

    // Kernels.

    public Tensor matmul(Tensor other) {
        return make(Op.MATMUL, Attr.NONE, this, other);
    }

    /** Channels-last convolution with a [kh, kw, C, O] kernel. */
    public Tensor conv2d(Tensor weight, int stride, int padding) {
        return make(Op.CONV2D, new Attr.Conv(stride, padding, Shape.of()), this, weight);
    }

    /** This is dy. */
    public Tensor conv2dGradInput(Tensor weight, Attr.Conv conv, Shape input) {
        return make(Op.CONV2D_GRAD_INPUT, new Attr.Conv(conv.stride(), conv.padding(), input), this, weight);
    }

    /** This is x. */
    public Tensor conv2dGradWeight(Tensor dy, Attr.Conv conv, Shape weight) {
        return make(Op.CONV2D_GRAD_WEIGHT, new Attr.Conv(conv.stride(), conv.padding(), weight), this, dy);
    }

    /** Rows of this table. */
    public Tensor gather(Tensor ids) {
        return make(Op.GATHER, Attr.NONE, this, ids);
    }

    /** A table of so many rows, into which the rows of this are added at their ids. */
    public Tensor scatterAdd(Tensor ids, int rows) {
        return make(Op.SCATTER_ADD, new Attr.Rows(rows), this, ids);
    }

    public Tensor cumsum() {
        return make(Op.CUMSUM, Attr.NONE, this);
    }

    public static Tensor call(Composite composite, Tensor... inputs) {
        return inputs[0].make(Op.CALL, new Attr.Call(composite), inputs);
    }

    /**
     * Uniform in [0, 1), a function of (seed, stream, purpose, index) alone.
     *
     * @param seed I32 []
     * @param stream I32 [], or I32 [dims[0]]: a stream for each part along the first axis, whose elements are then counted
     *     within the part, so that its numbers do not depend on what else is in the tensor
     */
    public static Tensor uniform(Tensor seed, Tensor stream, int purpose, int... dims) {
        return seed.make(Op.RANDOM_UNIFORM, new Attr.Random(purpose, Shape.of(dims)), seed, stream);
    }
}
