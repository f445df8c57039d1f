package io.glossa.trainer.selftest;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** For each primitive, small programs of awkward sizes that lead to it. */
public final class Samples {
    /** From its inputs to its value. */
    public interface Sample extends Function<SampleInputs, Tensor> {}

    private static final Map<Op, List<Sample>> PROGRAMS = new EnumMap<>(Op.class);

    static {
        put(Op.INPUT, t -> t.x(3, 5));
        put(Op.CONSTANT, t -> t.x(7).add(1.25));
        put(Op.DATA, t -> t.x(3).mul(t.constant(0).data("d", HostTensor.of(new float[] {1, -2, 3.5f}, 3))));
        put(Op.IOTA, t -> t.x(3, 7).mul(t.constant(0).iota(3, 7).cast(DType.F32)));
        put(
                Op.RANDOM_UNIFORM,
                t -> t.x(3, 37)
                        .mul(Tensor.uniform(t.seed(), t.step(), 5, 3, 37))
                        .add(Tensor.uniform(t.seed(), t.step().iota(3), 5, 3, 37)));
        put(Op.NEG, t -> t.x(1, 17).neg(), t -> t.x(5, 3, 67).neg());
        put(Op.ABS, t -> t.x(33).abs());
        put(Op.EXP, t -> t.x(3, 19).exp());
        put(Op.LOG, t -> positive(t, 2, 31).log());
        put(Op.SQRT, t -> positive(t, 2, 31).sqrt());
        put(Op.RECIPROCAL, t -> positive(t, 41).reciprocal());
        put(Op.SIN, t -> t.x(3, 13).mul(20).sin());
        put(Op.COS, t -> t.x(3, 13).mul(20).cos());
        put(Op.FLOOR, t -> t.x(77).mul(3).floor());
        put(Op.NOT, t -> t.x(9).less(t.y(9)).not().where(t.x(9), t.y(9)));
        put(
                Op.CAST,
                t -> t.x(3, 5).less(t.constant(0.1)).cast(DType.F32).mul(t.x(3, 5)),
                t -> t.x(19).mul(10).cast(DType.I32).cast(DType.F32).mul(t.x(19)));
        put(Op.ADD, t -> t.x(3, 5).add(t.y(5)), t -> t.x(130, 67).add(t.y(130, 1)));
        put(Op.SUB, t -> t.x(3, 5).sub(t.y(3, 1)));
        put(Op.MUL, t -> t.x(3, 5).mul(t.y(1, 5)));
        put(Op.DIV, t -> t.x(3, 5).div(positive(t, 3, 5)));
        put(Op.MAXIMUM, t -> t.x(3, 5).maximum(t.y(3, 5)), t -> t.x(13).relu());
        put(Op.MINIMUM, t -> t.x(3, 5).minimum(t.y(3, 5)));
        put(Op.LESS, t -> t.x(37).less(t.y(37)).where(t.x(37), t.y(37)));
        put(
                Op.EQUAL,
                t -> t.constant(0)
                        .iota(3, 7)
                        .equal(t.constant(0).iota(7).reshape(1, 7))
                        .where(t.x(3, 7), t.y(3, 7)));
        put(
                Op.AND,
                t -> t.x(37).less(t.y(37)).and(t.x(37).less(t.constant(0.5))).where(t.x(37), t.constant(0)));
        put(Op.OR, t -> t.x(37).less(t.y(37)).or(t.x(37).less(t.constant(0.5))).where(t.x(37), t.constant(0)));
        put(
                Op.ROUND_RANDOMLY,
                t -> t.x(3, 37)
                        .roundRandomly(Tensor.uniform(t.seed(), t.step(), 9, 3, 37))
                        .cast(DType.F32)
                        .mul(t.y(3, 37)));
        put(Op.WHERE, t -> t.x(3, 5).less(t.constant(0)).where(t.x(3, 5), t.y(5)));
        put(
                Op.SUM,
                t -> t.x(3, 5).sum(1),
                t -> t.x(3, 5, 7).sum(0),
                t -> t.x(3, 5, 7).sum(1),
                t -> t.x(2, 3, 5, 7).sum(0, 2),
                t -> t.x(2, 3, 5, 7).sum(1, 3),
                t -> t.x(70000).sum(0),
                t -> t.x(1024, 65).sum(0));
        put(
                Op.MAX,
                t -> t.x(3, 5).max(1),
                t -> t.x(3, 5, 7).max(0),
                t -> t.x(3, 5, 7).max(0, 2));
        put(Op.SAVED, t -> t.x(6, 5).exp().saved().mul(t.y(6, 5)));
        put(Op.RESHAPE, t -> t.x(6, 5).reshape(3, 10).mul(t.y(3, 10)));
        put(
                Op.PERMUTE,
                t -> t.x(3, 5, 7).permute(2, 0, 1),
                t -> t.x(3, 5, 7).permute(1, 0, 2).exp(),
                t -> t.x(7, 33).transpose().exp().mul(t.y(33, 7)));
        put(Op.EXPAND, t -> t.x(3, 1, 7).expand(Shape.of(3, 5, 7)).mul(t.y(3, 5, 7)));
        put(
                Op.SLICE,
                t -> t.x(9, 11).slice(1, 3, 8),
                t -> t.x(9, 11).slice(0, 2, 7).exp(),
                t -> t.x(33, 7).slice(1, 1, 6).transpose().mul(t.y(5, 33).slice(0, 0, 5)),
                t -> t.x(3, 1).slice(0, 1, 2).exp());
        put(
                Op.PAD,
                t -> t.x(3, 5).pad(1, 2, 3),
                t -> t.x(3, 5).exp().pad(0, 1, 2),
                t -> t.x(3, 5).pad(1, 2, 3).exp());
        put(Op.SHEAR, t -> t.x(2, 5, 9).shear(4, -1, 5), t -> t.x(2, 5, 5).exp().shear(-4, 1, 9));
        put(
                Op.CONCAT,
                t -> t.x(3, 5).concat(1, t.y(3, 2), t.x(3, 5)),
                t -> t.x(3, 5).concat(0, t.y(2, 5)),
                // One value per row, kept for the gradient by the loop over rows that uses it.
                t -> t.x(6, 1)
                        .concat(0, t.x(6, 1).mul(2))
                        .abs()
                        .add(0.5)
                        .sqrt()
                        .mul(t.y(1, 5))
                        .exp()
                        .sum(0)
                        .log());
        put(
                Op.MATMUL,
                t -> t.x(7, 5).matmul(t.y(5, 3)),
                t -> t.x(2, 3, 7, 5).matmul(t.y(2, 3, 5, 4)),
                t -> t.x(5, 7).transpose().matmul(t.y(3, 5).transpose()),
                t -> t.x(6, 4, 3, 5).permute(0, 2, 1, 3).matmul(t.y(6, 4, 3, 5).permute(0, 2, 3, 1)),
                t -> t.x(9, 8).slice(1, 2, 7).matmul(t.y(5, 3)),
                t -> t.x(1, 5).matmul(t.y(5, 1)));
        put(
                Op.CONV2D,
                t -> t.x(2, 9, 7, 1).conv2d(t.y(3, 3, 1, 4), 2, 1),
                t -> t.x(1, 8, 6, 3).conv2d(t.y(3, 3, 3, 5), 2, 1));
        put(
                Op.CONV2D_GRAD_INPUT,
                t -> t.x(2, 5, 4, 4).conv2dGradInput(t.y(3, 3, 2, 4), new Attr.Conv(2, 1, null), Shape.of(2, 9, 7, 2)));
        put(
                Op.CONV2D_GRAD_WEIGHT,
                t -> t.x(2, 9, 7, 2)
                        .conv2dGradWeight(t.y(2, 5, 4, 4), new Attr.Conv(2, 1, null), Shape.of(3, 3, 2, 4)));
        put(Op.GATHER, t -> t.x(9, 5).gather(ids(t, 11, 4)));
        put(Op.SCATTER_ADD, t -> t.x(11, 5).scatterAdd(ids(t, 11, 1).reshape(11), 6));
        put(Op.CUMSUM, t -> t.x(3, 17).cumsum());
        put(
                Op.ALL_REDUCE,
                t -> t.x(3, 17).allReduce(),
                t -> t.x(4, 3).exp().allReduce().sum(0));
        put(
                Op.SHARD,
                t -> t.x(33).shard(new Attr.Segment(1, 2)).exp(),
                t -> t.x(4, 1100)
                        .exp()
                        .reshape(-1)
                        .shard(new Attr.Segment(0, 3))
                        .sum(0));
        put(Op.REDUCE_SCATTER, t -> t.x(64).exp().reduceScatter(new Attr.Segment(0, 1)));
        put(Op.ALL_GATHER, t -> t.x(48).exp().allGather(new Attr.Segment(0, 1)).add(1));
    }

    private Samples() {}

    private static void put(Op op, Sample... programs) {
        PROGRAMS.put(op, List.of(programs));
    }

    public static List<Sample> of(Op op) {
        return PROGRAMS.getOrDefault(op, List.of());
    }

    private static Tensor positive(SampleInputs t, int... dims) {
        return t.y(dims).abs().add(0.3);
    }

    /** Some in range, some not. */
    private static Tensor ids(SampleInputs t, int... dims) {
        return t.y(dims).mul(6).add(4).floor().cast(DType.I32);
    }
}
