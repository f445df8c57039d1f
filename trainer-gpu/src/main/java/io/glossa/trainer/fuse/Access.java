package io.glossa.trainer.fuse;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Which element of a node is read: its row-major position, valid where all guards hold; elsewhere the value is zero.
 */
public record Access(Index at, List<Guard> guards) {
    /** Holds where 0 ≤ value &lt; extent. */
    public record Guard(Index value, long extent) {}

    /** Whether a guard fails for every iteration: the value is zero. */
    public boolean isNever() {
        return guards.stream()
                .anyMatch(guard -> guard.value().max() < 0 || guard.value().min() >= guard.extent());
    }

    public static Access of(Index at) {
        return new Access(at, List.of());
    }

    /** The element of an input that a pointwise or movement node reads for its own element. */
    public Access through(Node node, int input) {
        Shape from = node.input(input).shape();
        if (from.size() == 1 && node.op() != io.glossa.trainer.ir.Op.PAD) {
            return new Access(Index.of(0), input(node, input).guards());
        }
        return input(node, input);
    }

    private Access input(Node node, int input) {
        Shape from = node.input(input).shape();
        return switch (node.op()) {
            case PERMUTE -> {
                List<Integer> axes = node.attr(Attr.Axes.class).axes();
                Index[] moved = new Index[axes.size()];
                Index[] index = split(node.shape());
                for (int i = 0; i < moved.length; i++) {
                    moved[axes.get(i)] = index[i];
                }
                yield new Access(join(from, moved), guards);
            }
            case EXPAND -> {
                Index[] index = split(node.shape());
                for (int i = 0; i < index.length; i++) {
                    index[i] = from.dim(i) == 1 ? Index.of(0) : index[i];
                }
                yield new Access(join(from, index), guards);
            }
            case SLICE ->
                shifted(node.shape(), from, node.attr(Attr.Bounds.class).low(), 1);
            case PAD -> shifted(node.shape(), from, node.attr(Attr.Bounds.class).low(), -1);
            case CONCAT -> {
                int axis = node.attr(Attr.Axis.class).axis();
                List<Integer> start = new ArrayList<>(java.util.Collections.nCopies(from.rank(), 0));
                for (int i = 0; i < input; i++) {
                    start.set(axis, start.get(axis) + node.input(i).shape().dim(axis));
                }
                yield shifted(node.shape(), from, start, -1);
            }
            case SHEAR -> {
                Attr.Shear shear = node.attr(Attr.Shear.class);
                Index[] index = split(node.shape());
                int last = index.length - 1;
                index[last] =
                        index[last].plus(index[last - 1].times(shear.sign())).plus(shear.offset());
                yield guarded(from, index);
            }
            case SHARD -> segment(node, from);
            default -> this;
        };
    }

    /** Guarded on all ranks or on none, so that all have the same kernels. */
    private Access segment(Node node, Shape from) {
        Attr.Segment segment = node.attr(Attr.Segment.class);
        long size = node.shape().size();
        Index index = at.plus(segment.index() * size);
        if (size * segment.count() == from.size()) {
            return new Access(index, guards);
        }
        List<Guard> all = new ArrayList<>(guards);
        all.add(new Guard(index, from.size()));
        return new Access(index, all);
    }

    private Access shifted(Shape shape, Shape from, List<Integer> by, int sign) {
        Index[] index = split(shape);
        for (int i = 0; i < index.length; i++) {
            index[i] = index[i].plus((long) sign * by.get(i));
        }
        return guarded(from, index);
    }

    private Access guarded(Shape from, Index[] index) {
        List<Guard> all = new ArrayList<>(guards);
        for (int i = 0; i < index.length; i++) {
            if (index[i].min() < 0 || index[i].max() >= from.dim(i)) {
                Guard guard = new Guard(index[i], from.dim(i));
                if (!all.contains(guard)) {
                    all.add(guard);
                }
            }
        }
        return new Access(join(from, index), List.copyOf(all));
    }

    /** One index per axis. */
    Index[] split(Shape shape) {
        Index[] index = new Index[shape.rank()];
        long stride = 1;
        for (int i = shape.rank() - 1; i >= 0; i--) {
            Index rest = at.div(stride);
            index[i] = shape.dim(i) == 1
                    ? Index.of(0)
                    : stride * shape.dim(i) == shape.size() ? rest : rest.mod(shape.dim(i));
            stride *= shape.dim(i);
        }
        return index;
    }

    static Index join(Shape shape, Index[] index) {
        Index at = Index.of(0);
        long[] strides = shape.strides();
        for (int i = 0; i < index.length; i++) {
            at = at.plus(index[i].times(strides[i]));
        }
        return at;
    }
}
