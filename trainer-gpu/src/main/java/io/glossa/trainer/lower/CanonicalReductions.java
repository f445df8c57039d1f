package io.glossa.trainer.lower;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Builder;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Brings every reduction to one of two shapes: [rows, n] over the last axis, or [outer, n, columns] over the middle one.
 * Long reductions with few results are done in two, in a fixed number of parts, so that threads have work and the result
 * does not depend on how many there are. Where equal parts leave much of a machine idle, the last part of a sum is shorter,
 * and filled up with zeros, which nobody reads.
 */
public final class CanonicalReductions {
    private static final int SHORTEST_PART = 32;

    /** The share of the machine from which on parts are as good as they need be. */
    private static final double BUSY = 0.9;

    private final int enough;
    private final int wave;

    private CanonicalReductions(int enough, int wave) {
        this.enough = enough;
        this.wave = wave;
    }

    /**
     * @param enough independent results that keep the machine busy
     * @param wave how many of them it works on at once: some of it has nothing to do where they are not a multiple
     */
    public static Graph apply(Graph graph, int enough, int wave) {
        CanonicalReductions pass = new CanonicalReductions(enough, wave);
        return Rewrite.nodes(
                graph,
                (builder, node, inputs) -> node.kind() == Op.Kind.REDUCTION
                        ? pass.reduce(
                                builder,
                                node.op(),
                                inputs.get(0),
                                node.attr(Attr.Axes.class).axes())
                        : builder.node(node.op(), inputs, node.attr()));
    }

    private Node reduce(Builder builder, Op op, Node x, List<Integer> axes) {
        Node value = x;
        Shape result = x.shape();
        for (int axis : axes) {
            result = result.with(axis, 1);
        }
        List<long[]> runs = runs(x.shape(), axes);
        for (int i = runs.size() - 1; i >= 0; i--) {
            if (runs.get(i)[1] == 1) {
                int outer = (int) extent(runs.subList(0, i));
                int columns = (int) extent(runs.subList(i + 1, runs.size()));
                value = middle(builder, op, value, outer, (int) runs.get(i)[0], columns);
                runs.get(i)[0] = 1;
            }
        }
        return reshape(builder, value, result.dims());
    }

    private Node middle(Builder builder, Op op, Node x, int outer, int length, int columns) {
        int part = part(op, outer, length, columns);
        int parts = Math.toIntExact(GpuKernel.blocks(length, part));
        if (parts > 1) {
            int missing = parts * part - length;
            Node lines = missing == 0
                    ? x
                    : new Tensor(builder, reshape(builder, x, length, columns))
                            .pad(0, 0, missing)
                            .node();
            Node partial = once(builder, op, lines, outer * parts, part, columns);
            return once(builder, op, partial, outer, parts, columns);
        }
        return once(builder, op, x, outer, length, columns);
    }

    private static Node once(Builder builder, Op op, Node x, int outer, int length, int columns) {
        return columns == 1
                ? builder.node(op, List.of(reshape(builder, x, outer, length)), new Attr.Axes(List.of(1)))
                : builder.node(op, List.of(reshape(builder, x, outer, length, columns)), new Attr.Axes(List.of(1)));
    }

    /**
     * How long the parts are that a reduction is done in: as long as the whole where there are results enough, else a divisor of it
     * that fills the machine best, the shortest where several do. If none does well, sums have a shorter part at the end.
     */
    private int part(Op op, int outer, int length, int columns) {
        long results = outer * (columns == 1 ? 1L : (columns + 63) / 64);
        if (results >= enough / 4 || length * (long) columns < 16384) {
            return length;
        }
        int equal = best(length, 0, parts -> length % parts == 0);
        boolean mayPad = op == Op.SUM && outer == 1 && columns > 1;
        return mayPad && busy(length / equal) < BUSY ? best(length, busy(length / equal), parts -> true) : equal;
    }

    /** The length of parts, of so many as may be, that fill the machine best; the whole where none is better than it was. */
    private int best(int length, double before, IntPredicate allowed) {
        int found = length;
        double most = before;
        for (int parts = enough; parts > 1; parts--) {
            int part = Math.toIntExact(GpuKernel.blocks(length, parts));
            double busy = busy(Math.toIntExact(GpuKernel.blocks(length, part)));
            if (allowed.test(parts) && part >= SHORTEST_PART && busy > most) {
                found = part;
                most = busy;
            }
        }
        return found;
    }

    /** The share of the machine that has work, on average over the waves. */
    private double busy(int parts) {
        return parts / (double) (GpuKernel.blocks(parts, wave) * wave);
    }

    /** Neighbouring axes of the same fate, merged: {extent, 1 if reduced}; extents of 1 are left out. */
    private static List<long[]> runs(Shape shape, List<Integer> axes) {
        List<long[]> runs = new ArrayList<>();
        for (int i = 0; i < shape.rank(); i++) {
            long reduced = axes.contains(i) ? 1 : 0;
            if (shape.dim(i) == 1) {
                continue;
            }
            if (!runs.isEmpty() && runs.get(runs.size() - 1)[1] == reduced) {
                runs.get(runs.size() - 1)[0] *= shape.dim(i);
            } else {
                runs.add(new long[] {shape.dim(i), reduced});
            }
        }
        return runs;
    }

    private static long extent(List<long[]> runs) {
        return runs.stream().mapToLong(run -> run[0]).reduce(1, (a, b) -> a * b);
    }

    private static Node reshape(Builder builder, Node x, int... dims) {
        return builder.node(Op.RESHAPE, List.of(x), new Attr.Target(Shape.of(dims)));
    }
}
