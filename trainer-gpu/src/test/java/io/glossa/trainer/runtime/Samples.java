package io.glossa.trainer.runtime;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Trace;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** For each primitive, small programs of awkward sizes that lead to it. */
final class Samples {
    /** Declares its inputs and gives its value. */
    interface Sample extends Function<Trace, Tensor> {}

    private static final Map<Op, List<Sample>> PROGRAMS = new EnumMap<>(Op.class);

    static {
        put(Op.INPUT, t -> x(t, 3, 5));
        put(Op.CONSTANT, t -> x(t, 7).add(1.25));
        put(Op.DATA, t -> x(t, 3).mul(t.constant(0).data("d", HostTensor.of(new float[] {1, -2, 3.5f}, 3))));
        put(Op.IOTA, t -> x(t, 3, 7).mul(t.constant(0).iota(3, 7).cast(DType.F32)));
        put(Op.RANDOM_UNIFORM, t -> x(t, 3, 37).mul(Tensor.uniform(t.seed(), t.step(), 5, 3, 37)));
        put(Op.NEG, t -> x(t, 1, 17).neg(), t -> x(t, 5, 3, 67).neg());
        put(Op.ABS, t -> x(t, 33).abs());
        put(Op.EXP, t -> x(t, 3, 19).exp());
        put(Op.LOG, t -> positive(t, 2, 31).log());
        put(Op.SQRT, t -> positive(t, 2, 31).sqrt());
        put(Op.RECIPROCAL, t -> positive(t, 41).reciprocal());
        put(Op.SIN, t -> x(t, 3, 13).mul(20).sin());
        put(Op.COS, t -> x(t, 3, 13).mul(20).cos());
        put(Op.FLOOR, t -> x(t, 77).mul(3).floor());
        put(Op.NOT, t -> x(t, 9).less(x2(t, 9)).not().where(x(t, 9), x2(t, 9)));
        put(
                Op.CAST,
                t -> x(t, 3, 5).less(t.constant(0.1)).cast(DType.F32).mul(x(t, 3, 5)),
                t -> x(t, 19).mul(10).cast(DType.I32).cast(DType.F32).mul(x(t, 19)));
        put(Op.ADD, t -> x(t, 3, 5).add(x2(t, 5)), t -> x(t, 130, 67).add(x2(t, 130, 1)));
        put(Op.SUB, t -> x(t, 3, 5).sub(x2(t, 3, 1)));
        put(Op.MUL, t -> x(t, 3, 5).mul(x2(t, 1, 5)));
        put(Op.DIV, t -> x(t, 3, 5).div(positive(t, 3, 5)));
        put(Op.MAXIMUM, t -> x(t, 3, 5).maximum(x2(t, 3, 5)), t -> x(t, 13).relu());
        put(Op.MINIMUM, t -> x(t, 3, 5).minimum(x2(t, 3, 5)));
        put(Op.LESS, t -> x(t, 37).less(x2(t, 37)).where(x(t, 37), x2(t, 37)));
        put(
                Op.EQUAL,
                t -> t.constant(0)
                        .iota(3, 7)
                        .equal(t.constant(0).iota(7).reshape(1, 7))
                        .where(x(t, 3, 7), x2(t, 3, 7)));
        put(
                Op.AND,
                t -> x(t, 37).less(x2(t, 37))
                        .and(x(t, 37).less(t.constant(0.5)))
                        .where(x(t, 37), t.constant(0)));
        put(
                Op.OR,
                t -> x(t, 37).less(x2(t, 37)).or(x(t, 37).less(t.constant(0.5))).where(x(t, 37), t.constant(0)));
        put(
                Op.ROUND_RANDOMLY,
                t -> x(t, 3, 37)
                        .roundRandomly(Tensor.uniform(t.seed(), t.step(), 9, 3, 37))
                        .cast(DType.F32)
                        .mul(x2(t, 3, 37)));
        put(Op.WHERE, t -> x(t, 3, 5).less(t.constant(0)).where(x(t, 3, 5), x2(t, 5)));
        put(
                Op.SUM,
                t -> x(t, 3, 5).sum(1),
                t -> x(t, 3, 5, 7).sum(0),
                t -> x(t, 3, 5, 7).sum(1),
                t -> x(t, 2, 3, 5, 7).sum(0, 2),
                t -> x(t, 2, 3, 5, 7).sum(1, 3),
                t -> x(t, 70000).sum(0),
                t -> x(t, 1024, 65).sum(0));
        put(
                Op.MAX,
                t -> x(t, 3, 5).max(1),
                t -> x(t, 3, 5, 7).max(0),
                t -> x(t, 3, 5, 7).max(0, 2));
        put(Op.SAVED, t -> x(t, 6, 5).exp().saved().mul(x2(t, 6, 5)));
        put(Op.RESHAPE, t -> x(t, 6, 5).reshape(3, 10).mul(x2(t, 3, 10)));
        put(
                Op.PERMUTE,
                t -> x(t, 3, 5, 7).permute(2, 0, 1),
                t -> x(t, 3, 5, 7).permute(1, 0, 2).exp());
        put(Op.EXPAND, t -> x(t, 3, 1, 7).expand(Shape.of(3, 5, 7)).mul(x2(t, 3, 5, 7)));
        put(
                Op.SLICE,
                t -> x(t, 9, 11).slice(1, 3, 8),
                t -> x(t, 9, 11).slice(0, 2, 7).exp());
        put(
                Op.PAD,
                t -> x(t, 3, 5).pad(1, 2, 3),
                t -> x(t, 3, 5).exp().pad(0, 1, 2),
                t -> x(t, 3, 5).pad(1, 2, 3).exp());
        put(
                Op.SHEAR,
                t -> x(t, 2, 5, 9).shear(4, -1, 5),
                t -> x(t, 2, 5, 5).exp().shear(-4, 1, 9));
        put(
                Op.CONCAT,
                t -> x(t, 3, 5).concat(1, x2(t, 3, 2), x(t, 3, 5)),
                t -> x(t, 3, 5).concat(0, x2(t, 2, 5)),
                // One value per row, kept for the gradient by the loop over rows that uses it.
                t -> x(t, 6, 1)
                        .concat(0, x(t, 6, 1).mul(2))
                        .abs()
                        .add(0.5)
                        .sqrt()
                        .mul(x2(t, 1, 5))
                        .exp()
                        .sum(0)
                        .log());
        put(
                Op.MATMUL,
                t -> x(t, 7, 5).matmul(x2(t, 5, 3)),
                t -> x(t, 2, 3, 7, 5).matmul(x2(t, 2, 3, 5, 4)),
                t -> x(t, 5, 7).transpose().matmul(x2(t, 3, 5).transpose()),
                t -> x(t, 6, 4, 3, 5)
                        .permute(0, 2, 1, 3)
                        .matmul(x2(t, 6, 4, 3, 5).permute(0, 2, 3, 1)),
                t -> x(t, 9, 8).slice(1, 2, 7).matmul(x2(t, 5, 3)),
                t -> x(t, 1, 5).matmul(x2(t, 5, 1)));
        put(
                Op.CONV2D,
                t -> x(t, 2, 9, 7, 1).conv2d(x2(t, 3, 3, 1, 4), 2, 1),
                t -> x(t, 1, 8, 6, 3).conv2d(x2(t, 3, 3, 3, 5), 2, 1));
        put(
                Op.CONV2D_GRAD_INPUT,
                t -> x(t, 2, 5, 4, 4)
                        .conv2dGradInput(x2(t, 3, 3, 2, 4), new Attr.Conv(2, 1, null), Shape.of(2, 9, 7, 2)));
        put(
                Op.CONV2D_GRAD_WEIGHT,
                t -> x(t, 2, 9, 7, 2)
                        .conv2dGradWeight(x2(t, 2, 5, 4, 4), new Attr.Conv(2, 1, null), Shape.of(3, 3, 2, 4)));
        put(Op.GATHER, t -> x(t, 9, 5).gather(ids(t, 11, 4)));
        put(Op.SCATTER_ADD, t -> x(t, 11, 5).scatterAdd(ids(t, 11, 1).reshape(11), 6));
        put(Op.CUMSUM, t -> x(t, 3, 17).cumsum());
    }

    private Samples() {}

    private static void put(Op op, Sample... programs) {
        PROGRAMS.put(op, List.of(programs));
    }

    static List<Sample> of(Op op) {
        return PROGRAMS.getOrDefault(op, List.of());
    }

    private static Tensor x(Trace t, int... dims) {
        return Inputs.parameter(t, "x", dims);
    }

    private static Tensor x2(Trace t, int... dims) {
        return Inputs.parameter(t, "y", dims);
    }

    private static Tensor positive(Trace t, int... dims) {
        return x2(t, dims).abs().add(0.3);
    }

    /** Some in range, some not. */
    private static Tensor ids(Trace t, int... dims) {
        return x2(t, dims).mul(6).add(4).floor().cast(DType.I32);
    }
}
