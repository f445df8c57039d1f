package io.glossa.trainer.autograd;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The vector-Jacobian product of each primitive: from dL/dy to dL/dx of each input. One row per primitive. */
public final class VjpRules {
    /** Gradients of the inputs in order; a null stands for an input that has none. */
    interface Rule {
        List<Tensor> vjp(List<Tensor> in, Tensor y, Tensor dy);
    }

    private static final Map<Op, Rule> RULES = new EnumMap<>(Op.class);
    private static final Rule NO_GRADIENT = (in, y, dy) -> Collections.nCopies(in.size(), null);

    static {
        for (Op op : List.of(
                Op.INPUT,
                Op.CONSTANT,
                Op.DATA,
                Op.IOTA,
                Op.RANDOM_UNIFORM,
                Op.FLOOR,
                Op.NOT,
                Op.LESS,
                Op.EQUAL,
                Op.AND,
                Op.OR,
                Op.ROUND_RANDOMLY)) {
            RULES.put(op, NO_GRADIENT);
        }
        RULES.put(Op.NEG, (in, y, dy) -> List.of(dy.neg()));
        RULES.put(Op.ABS, (in, y, dy) -> {
            Tensor x = in.get(0);
            return List.of(x.less(x.constant(0)).where(dy.neg(), dy));
        });
        RULES.put(Op.EXP, (in, y, dy) -> List.of(dy.mul(y)));
        RULES.put(Op.LOG, (in, y, dy) -> List.of(dy.div(in.get(0))));
        RULES.put(Op.SQRT, (in, y, dy) -> List.of(dy.mul(0.5).div(y)));
        RULES.put(Op.RECIPROCAL, (in, y, dy) -> List.of(dy.mul(y).mul(y).neg()));
        RULES.put(Op.SIN, (in, y, dy) -> List.of(dy.mul(in.get(0).cos())));
        RULES.put(Op.COS, (in, y, dy) -> List.of(dy.mul(in.get(0).sin()).neg()));
        RULES.put(
                Op.CAST,
                (in, y, dy) ->
                        in.get(0).dtype() == DType.F32 ? List.of(dy.cast(DType.F32)) : Collections.singletonList(null));
        RULES.put(Op.ADD, (in, y, dy) -> List.of(dy, dy));
        RULES.put(Op.SUB, (in, y, dy) -> List.of(dy, dy.neg()));
        RULES.put(Op.MUL, (in, y, dy) -> List.of(dy.mul(in.get(1)), dy.mul(in.get(0))));
        RULES.put(Op.DIV, (in, y, dy) -> {
            Tensor da = dy.div(in.get(1));
            return List.of(da, da.mul(y).neg());
        });
        RULES.put(Op.MAXIMUM, (in, y, dy) -> choice(in.get(1).less(in.get(0)), dy));
        RULES.put(Op.MINIMUM, (in, y, dy) -> choice(in.get(0).less(in.get(1)), dy));
        RULES.put(Op.WHERE, (in, y, dy) -> {
            List<Tensor> both = choice(in.get(0), dy);
            return Arrays.asList(null, both.get(0), both.get(1));
        });
        RULES.put(Op.SUM, (in, y, dy) -> List.of(dy.expand(in.get(0).shape())));
        RULES.put(Op.MAX, (in, y, dy) -> {
            Tensor x = in.get(0);
            int[] axes = ints(y.node().attr(Attr.Axes.class).axes());
            Tensor top = x.equal(y).cast(DType.F32);
            return List.of(top.mul(dy.div(top.sum(axes))));
        });
        RULES.put(Op.SAVED, (in, y, dy) -> List.of(dy));
        RULES.put(
                Op.RESHAPE, (in, y, dy) -> List.of(dy.reshape(in.get(0).shape().dims())));
        RULES.put(Op.PERMUTE, (in, y, dy) -> {
            List<Integer> axes = y.node().attr(Attr.Axes.class).axes();
            return List.of(dy.permute(
                    IntStream.range(0, axes.size()).map(axes::indexOf).toArray()));
        });
        RULES.put(Op.EXPAND, (in, y, dy) -> {
            Shape from = in.get(0).shape();
            int[] repeated = IntStream.range(0, from.rank())
                    .filter(i -> from.dim(i) != y.dim(i))
                    .toArray();
            return List.of(dy.sum(repeated));
        });
        RULES.put(Op.SLICE, (in, y, dy) -> {
            Attr.Bounds part = y.node().attr(Attr.Bounds.class);
            List<Integer> after = new ArrayList<>();
            for (int i = 0; i < part.high().size(); i++) {
                after.add(in.get(0).dim(i) - part.high().get(i));
            }
            return List.of(dy.pad(new Attr.Bounds(part.low(), List.copyOf(after))));
        });
        RULES.put(Op.PAD, (in, y, dy) -> {
            Attr.Bounds pad = y.node().attr(Attr.Bounds.class);
            List<Integer> high = new ArrayList<>();
            for (int i = 0; i < pad.low().size(); i++) {
                high.add(pad.low().get(i) + in.get(0).dim(i));
            }
            return List.of(dy.slice(new Attr.Bounds(pad.low(), List.copyOf(high))));
        });
        RULES.put(Op.SHEAR, (in, y, dy) -> {
            Attr.Shear shear = y.node().attr(Attr.Shear.class);
            return List.of(dy.shear(-shear.offset(), -shear.sign(), in.get(0).dim(-1)));
        });
        RULES.put(Op.CONCAT, (in, y, dy) -> {
            int axis = y.node().attr(Attr.Axis.class).axis();
            List<Tensor> parts = new ArrayList<>();
            int at = 0;
            for (Tensor x : in) {
                parts.add(dy.slice(axis, at, at + x.dim(axis)));
                at += x.dim(axis);
            }
            return parts;
        });
        RULES.put(
                Op.MATMUL,
                (in, y, dy) -> List.of(
                        dy.matmul(in.get(1).transpose()), in.get(0).transpose().matmul(dy)));
        RULES.put(Op.CONV2D, (in, y, dy) -> {
            Attr.Conv conv = y.node().attr(Attr.Conv.class);
            return List.of(
                    dy.conv2dGradInput(in.get(1), conv, in.get(0).shape()),
                    in.get(0).conv2dGradWeight(dy, conv, in.get(1).shape()));
        });
        RULES.put(Op.CONV2D_GRAD_INPUT, (in, y, dy) -> {
            Attr.Conv conv = y.node().attr(Attr.Conv.class);
            return List.of(
                    dy.conv2d(in.get(1), conv.stride(), conv.padding()),
                    dy.conv2dGradWeight(in.get(0), conv, in.get(1).shape()));
        });
        RULES.put(Op.CONV2D_GRAD_WEIGHT, (in, y, dy) -> {
            Attr.Conv conv = y.node().attr(Attr.Conv.class);
            return List.of(
                    in.get(1).conv2dGradInput(dy, conv, in.get(0).shape()),
                    in.get(0).conv2d(dy, conv.stride(), conv.padding()));
        });
        RULES.put(
                Op.GATHER,
                (in, y, dy) -> Arrays.asList(dy.scatterAdd(in.get(1), in.get(0).dim(0)), null));
        RULES.put(Op.SCATTER_ADD, (in, y, dy) -> Arrays.asList(dy.gather(in.get(1)), null));
        RULES.put(Op.CUMSUM, (in, y, dy) -> {
            Tensor before = dy.cumsum().sub(dy);
            return List.of(dy.sum(-1).sub(before));
        });
        RULES.put(Op.ALL_REDUCE, (in, y, dy) -> List.of(dy.allReduce()));
        // Behind the gradients' own sums.
        RULES.put(Op.SHARD, NO_GRADIENT);
        RULES.put(Op.REDUCE_SCATTER, NO_GRADIENT);
        RULES.put(Op.ALL_GATHER, NO_GRADIENT);
        // A composite's derivative is its own, or that of its decomposition: see Gradients.
        RULES.put(Op.CALL, NO_GRADIENT);
    }

    private VjpRules() {}

    static List<Tensor> vjp(List<Tensor> in, Tensor y, Tensor dy) {
        return RULES.get(y.node().op()).vjp(in, y, dy);
    }

    static boolean covers(Op op) {
        return RULES.containsKey(op);
    }

    private static List<Tensor> choice(Tensor first, Tensor dy) {
        Tensor zero = dy.constant(0);
        return List.of(first.where(dy, zero), first.where(zero, dy));
    }

    private static int[] ints(List<Integer> axes) {
        return axes.stream().mapToInt(Integer::intValue).toArray();
    }
}
