package io.glossa.trainer.runtime.reference;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Bf16;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.F8;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.runtime.Philox;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** What each primitive computes, element by element and in double precision: the oracle. One row per primitive. */
final class ReferenceOps {
    /** Values of the inputs → value of the node; BOOL is 0 or 1. */
    interface Rule {
        double[] apply(Node node, List<double[]> in);
    }

    static final Map<Op, Rule> RULES = new EnumMap<>(Op.class);

    static {
        RULES.put(Op.CONSTANT, (node, in) ->
                new double[] {node.attr(Attr.Number.class).value()});
        RULES.put(Op.DATA, (node, in) -> {
            var data = node.attr(Attr.Data.class).value();
            return fill(node, data::at);
        });
        RULES.put(Op.IOTA, (node, in) -> {
            int last = node.shape().dim(-1);
            return fill(node, i -> i % last);
        });
        RULES.put(Op.RANDOM_UNIFORM, (node, in) -> {
            int purpose = node.attr(Attr.Random.class).purpose();
            double[] streams = in.get(1);
            long part = node.shape().size() / streams.length;
            return fill(
                    node, i -> Philox.uniform((int) in.get(0)[0], (int) streams[(int) (i / part)], purpose, i % part));
        });
        unary(Op.NEG, x -> -x);
        unary(Op.ABS, Math::abs);
        unary(Op.EXP, Math::exp);
        unary(Op.LOG, Math::log);
        unary(Op.SQRT, Math::sqrt);
        unary(Op.RECIPROCAL, x -> 1 / x);
        unary(Op.SIN, Math::sin);
        unary(Op.COS, Math::cos);
        unary(Op.FLOOR, Math::floor);
        unary(Op.NOT, x -> 1 - x);
        RULES.put(
                Op.CAST,
                (node, in) -> fill(node, i -> cast(in.get(0)[i], node.type().dtype())));
        binary(Op.ADD, Double::sum);
        binary(Op.SUB, (a, b) -> a - b);
        binary(Op.MUL, (a, b) -> a * b);
        binary(Op.DIV, (a, b) -> a / b);
        binary(Op.MAXIMUM, Math::max);
        binary(Op.MINIMUM, Math::min);
        binary(Op.LESS, (a, b) -> a < b ? 1 : 0);
        binary(Op.EQUAL, (a, b) -> a == b ? 1 : 0);
        binary(Op.AND, Math::min);
        binary(Op.OR, Math::max);
        RULES.put(Op.WHERE, (node, in) -> fill(node, i -> in.get(0)[i] != 0 ? in.get(1)[i] : in.get(2)[i]));
        binary(Op.ROUND_RANDOMLY, (x, uniform) -> Bf16.random((float) x, (float) uniform));
        RULES.put(Op.SUM, (node, in) -> reduce(node, in.get(0), 0, Double::sum));
        RULES.put(Op.MAX, (node, in) -> reduce(node, in.get(0), Double.NEGATIVE_INFINITY, Math::max));
        RULES.put(Op.RESHAPE, (node, in) -> in.get(0));
        RULES.put(Op.SAVED, (node, in) -> in.get(0));
        RULES.put(Op.PERMUTE, (node, in) -> {
            List<Integer> axes = node.attr(Attr.Axes.class).axes();
            return moved(node, in.get(0), (out, from) -> {
                for (int i = 0; i < out.length; i++) {
                    from[axes.get(i)] = out[i];
                }
            });
        });
        RULES.put(
                Op.EXPAND,
                (node, in) -> moved(node, in.get(0), (out, from) -> {
                    for (int i = 0; i < out.length; i++) {
                        from[i] = node.input(0).shape().dim(i) == 1 ? 0 : out[i];
                    }
                }));
        RULES.put(
                Op.SLICE,
                (node, in) ->
                        offset(node, in.get(0), node.attr(Attr.Bounds.class).low(), 1));
        RULES.put(
                Op.PAD,
                (node, in) ->
                        offset(node, in.get(0), node.attr(Attr.Bounds.class).low(), -1));
        RULES.put(Op.SHEAR, (node, in) -> {
            Attr.Shear shear = node.attr(Attr.Shear.class);
            return moved(node, in.get(0), (out, from) -> {
                System.arraycopy(out, 0, from, 0, out.length);
                from[out.length - 1] += shear.offset() + shear.sign() * out[out.length - 2];
            });
        });
        RULES.put(Op.CONCAT, ReferenceOps::concat);
        RULES.put(Op.MATMUL, ReferenceOps::matmul);
        RULES.put(Op.CONV2D, (node, in) -> {
            double[] y = new double[size(node)];
            convolve(
                    node,
                    node.input(0).shape(),
                    node.input(1).shape(),
                    node.shape(),
                    (o, x, w) -> y[o] += in.get(0)[x] * in.get(1)[w]);
            return y;
        });
        RULES.put(Op.CONV2D_GRAD_INPUT, (node, in) -> {
            double[] dx = new double[size(node)];
            convolve(
                    node,
                    node.shape(),
                    node.input(1).shape(),
                    node.input(0).shape(),
                    (o, x, w) -> dx[x] += in.get(0)[o] * in.get(1)[w]);
            return dx;
        });
        RULES.put(Op.CONV2D_GRAD_WEIGHT, (node, in) -> {
            double[] dw = new double[size(node)];
            convolve(
                    node,
                    node.input(0).shape(),
                    node.shape(),
                    node.input(1).shape(),
                    (o, x, w) -> dw[w] += in.get(0)[x] * in.get(1)[o]);
            return dw;
        });
        RULES.put(Op.GATHER, (node, in) -> {
            int width = size(node) / in.get(1).length;
            int rows = node.input(0).shape().dim(0);
            return fill(node, i -> {
                int row = (int) in.get(1)[i / width];
                return row < 0 || row >= rows ? 0 : in.get(0)[row * width + i % width];
            });
        });
        RULES.put(Op.SCATTER_ADD, (node, in) -> {
            double[] table = new double[size(node)];
            int width = in.get(0).length / in.get(1).length;
            for (int i = 0; i < in.get(0).length; i++) {
                int row = (int) in.get(1)[i / width];
                if (row >= 0 && row < node.shape().dim(0)) {
                    table[row * width + i % width] += in.get(0)[i];
                }
            }
            return table;
        });
        RULES.put(Op.ALL_REDUCE, (node, in) -> in.get(0));
        RULES.put(Op.SHARD, ReferenceOps::segment);
        RULES.put(Op.REDUCE_SCATTER, ReferenceOps::segment);
        RULES.put(Op.ALL_GATHER, (node, in) -> fill(node, i -> in.get(0)[i % in.get(0).length]));
        RULES.put(Op.CUMSUM, (node, in) -> {
            double[] out = in.get(0).clone();
            int last = node.shape().dim(-1);
            for (int i = 0; i < out.length; i++) {
                out[i] += i % last == 0 ? 0 : out[i - 1];
            }
            return out;
        });
    }

    private ReferenceOps() {}

    private static double[] segment(Node node, List<double[]> in) {
        int from = node.attr(Attr.Segment.class).index() * size(node);
        return fill(node, i -> from + i < in.get(0).length ? in.get(0)[from + i] : 0);
    }

    static double cast(double x, DType dtype) {
        return switch (dtype) {
            case F32 -> x;
            case I32 -> (int) x;
            case BOOL -> x != 0 ? 1 : 0;
            case BF16 -> Bf16.nearest((float) x);
            case F8 -> F8.nearest((float) x);
        };
    }

    private interface Element {
        double at(int index);
    }

    private interface Move {
        /** From an index of the result to that of the source; outside the source stands for zero. */
        void index(int[] out, int[] from);
    }

    private interface Tap {
        void at(int output, int input, int weight);
    }

    private static void unary(Op op, DoubleUnaryOperator f) {
        RULES.put(op, (node, in) -> fill(node, i -> f.applyAsDouble(in.get(0)[i])));
    }

    private static void binary(Op op, DoubleBinaryOperator f) {
        RULES.put(op, (node, in) -> fill(node, i -> f.applyAsDouble(in.get(0)[i], in.get(1)[i])));
    }

    private static int size(Node node) {
        return Math.toIntExact(node.shape().size());
    }

    private static double[] fill(Node node, Element element) {
        double[] out = new double[size(node)];
        for (int i = 0; i < out.length; i++) {
            out[i] = element.at(i);
        }
        return out;
    }

    private static int[] index(Shape shape, int flat) {
        int[] index = new int[shape.rank()];
        for (int i = index.length - 1, rest = flat; i >= 0; i--) {
            index[i] = rest % shape.dim(i);
            rest /= shape.dim(i);
        }
        return index;
    }

    private static double[] moved(Node node, double[] source, Move move) {
        Shape shape = node.input(0).shape();
        int[] from = new int[shape.rank()];
        return fill(node, i -> {
            move.index(index(node.shape(), i), from);
            int flat = 0;
            for (int k = 0; k < from.length; k++) {
                if (from[k] < 0 || from[k] >= shape.dim(k)) {
                    return 0;
                }
                flat = flat * shape.dim(k) + from[k];
            }
            return source[flat];
        });
    }

    private static double[] offset(Node node, double[] source, List<Integer> by, int sign) {
        return moved(node, source, (out, from) -> {
            for (int i = 0; i < out.length; i++) {
                from[i] = out[i] + sign * by.get(i);
            }
        });
    }

    private static double[] reduce(Node node, double[] x, double start, DoubleBinaryOperator f) {
        double[] out = fill(node, i -> start);
        Shape shape = node.input(0).shape();
        long[] strides = node.shape().strides();
        for (int i = 0; i < x.length; i++) {
            int[] index = index(shape, i);
            int at = 0;
            for (int k = 0; k < index.length; k++) {
                at += node.shape().dim(k) == 1 ? 0 : (int) (index[k] * strides[k]);
            }
            out[at] = f.applyAsDouble(out[at], x[i]);
        }
        return out;
    }

    private static double[] concat(Node node, List<double[]> in) {
        int axis = node.attr(Attr.Axis.class).axis();
        double[] out = new double[size(node)];
        int inner = 1;
        for (int i = axis + 1; i < node.shape().rank(); i++) {
            inner *= node.shape().dim(i);
        }
        int at = 0;
        for (int k = 0; k < in.size(); k++) {
            int run = node.input(k).shape().dim(axis) * inner;
            for (int block = 0; block * run < in.get(k).length; block++) {
                System.arraycopy(
                        in.get(k), block * run, out, block * node.shape().dim(axis) * inner + at, run);
            }
            at += run;
        }
        return out;
    }

    private static double[] matmul(Node node, List<double[]> in) {
        int m = node.shape().dim(-2);
        int n = node.shape().dim(-1);
        int k = node.input(0).shape().dim(-1);
        double[] a = in.get(0);
        double[] b = in.get(1);
        double[] y = new double[size(node)];
        for (int batch = 0; batch * m * n < y.length; batch++) {
            for (int i = 0; i < m; i++) {
                for (int j = 0; in.size() > 2 && j < n; j++) {
                    y[(batch * m + i) * n + j] = in.get(2)[j];
                }
                for (int l = 0; l < k; l++) {
                    double left = a[(batch * m + i) * k + l];
                    for (int j = 0; j < n; j++) {
                        y[(batch * m + i) * n + j] += left * b[(batch * k + l) * n + j];
                    }
                }
            }
        }
        return y;
    }

    /** Visits every (output, input, weight) triple that meets in a product. */
    private static void convolve(Node node, Shape x, Shape w, Shape y, Tap tap) {
        Attr.Conv conv = node.attr(Attr.Conv.class);
        for (int o = 0; o < y.size(); o++) {
            int[] at = index(y, o);
            for (int t = 0; t < w.dim(0) * w.dim(1); t++) {
                int row = at[1] * conv.stride() - conv.padding() + t / w.dim(1);
                int column = at[2] * conv.stride() - conv.padding() + t % w.dim(1);
                if (row < 0 || row >= x.dim(1) || column < 0 || column >= x.dim(2)) {
                    continue;
                }
                for (int c = 0; c < x.dim(3); c++) {
                    int in = ((at[0] * x.dim(1) + row) * x.dim(2) + column) * x.dim(3) + c;
                    tap.at(o, in, (t * x.dim(3) + c) * w.dim(3) + at[3]);
                }
            }
        }
    }
}
