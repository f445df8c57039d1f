package io.glossa.trainer.runtime;

import io.glossa.trainer.autograd.Gradients;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.selftest.PrimitiveGraph;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Small random programs: pointwise chains, reductions, movements and products over a few awkward shapes. */
final class RandomGraphs {
    /** Rows and columns that no vector fits. */
    static final int[] AWKWARD = {3, 5};

    /** Rows and columns that threads share out. */
    static final int[] WIDE = {24, 64};

    private final Random random;
    private final Trace trace;
    private final int[][] shapes;
    private final Map<String, Tensor> squares = new HashMap<>();

    /** @param extents rows and columns of the shapes that programs start from */
    RandomGraphs(Trace trace, Random random, int[] extents) {
        this.trace = trace;
        this.random = random;
        int m = extents[0];
        int n = extents[1];
        shapes = new int[][] {{m, n}, {m, 1}, {1, n}, {2, m, n}, {2, m, 1}, {2 * m, n}, {2, m * n}};
    }

    /** Adds one program's value and gradients to the outputs, under names that start with this. */
    void add(String name, Map<String, Node> outputs) {
        Tensor loss = loss(name, parameters(name), outputs);
        new TreeMap<>(Gradients.of(loss, Gradients.parameters(loss)))
                .forEach((input, gradient) -> outputs.put(name + " by " + input, gradient.node()));
    }

    /** Adds one program that is trained: its loss to the outputs, and the update of its parameters. */
    void addTrained(String name, Map<String, Node> outputs, Map<String, Node> updates, Map<String, Node> gradients) {
        List<Tensor> pool = parameters(name);
        pool.replaceAll(parameter -> mustNotBeRepeated(name, parameter));
        Tensor loss = loss(name, pool, new TreeMap<>());
        outputs.put(name + ".loss", loss.node());
        Map<String, Node> parameters = new TreeMap<>(Gradients.parameters(loss));
        Gradients.of(loss, parameters).forEach((input, gradient) -> {
            gradients.put(input, gradient.node());
            Tensor parameter = new Tensor(trace.builder(), parameters.get(input));
            updates.put(input, parameter.mul(0.5).sub(gradient).node());
        });
    }

    private List<Tensor> parameters(String name) {
        List<Tensor> pool = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int[] shape = shapes[random.nextInt(shapes.length)];
            pool.add(trace.parameter(name + ".p" + i, new Init.Normal(1), shape));
        }
        return pool;
    }

    /** A product or random numbers: what follows is not of inputs alone, so that what to keep of it is a choice. */
    private Tensor mustNotBeRepeated(String name, Tensor x) {
        int n = x.dim(-1);
        if (x.rank() == 2) {
            return tame(x.matmul(square(name, n)));
        }
        return x.mul(
                Tensor.uniform(trace.seed(), trace.step(), n, x.shape().dims()).add(0.5));
    }

    private Tensor square(String name, int n) {
        return squares.computeIfAbsent(name + ".square" + n, full -> trace.parameter(full, new Init.Normal(1), n, n));
    }

    private Tensor loss(String name, List<Tensor> pool, Map<String, Node> outputs) {
        int steps = 4 + random.nextInt(12);
        for (int i = 0; i < steps; i++) {
            pool.add(step(pool));
        }
        Tensor last = pool.get(pool.size() - 1);
        Tensor other = pool.get(3 + random.nextInt(pool.size() - 3));
        Tensor loss = PrimitiveGraph.scalar(last).add(PrimitiveGraph.scalar(other));
        outputs.put(name + ".last", last.node());
        outputs.put(name + ".other", other.node());
        return loss;
    }

    private Tensor step(List<Tensor> pool) {
        Tensor a = pool.get(random.nextInt(pool.size()));
        Tensor b = pool.get(random.nextInt(pool.size()));
        int axis = random.nextInt(a.rank());
        return switch (random.nextInt(16)) {
            case 0 -> tame(a).exp();
            case 1 -> a.abs().add(0.5).log();
            case 2 -> a.abs().add(0.5).sqrt();
            case 3 -> a.mul(a).add(1).reciprocal();
            case 4 -> a.sigmoid();
            case 5 -> a.sum(axis).mul(0.3);
            case 6 -> a.max(a.rank() - 1);
            case 7 -> a.sub(a.mean(axis));
            case 8 -> a.transpose();
            case 9 -> a.dim(axis) > 1 ? a.slice(axis, 1, a.dim(axis)) : a.neg();
            case 10 -> a.pad(axis, 1, random.nextInt(2));
            case 11 -> a.reshape((int) a.shape().size()).reshape(1, -1);
            case 12 -> a.concat(axis, a.mul(2));
            case 13 -> tame(a.matmul(a.transpose()));
            default -> pair(a, b);
        };
    }

    private Tensor pair(Tensor a, Tensor b) {
        if (!broadcasts(a, b)) {
            return a.mul(0.5).add(0.25);
        }
        return switch (random.nextInt(5)) {
            case 0 -> a.add(b);
            case 1 -> a.sub(b);
            case 2 -> tame(a.mul(b));
            case 3 -> a.maximum(b);
            // Values that are the same but for rounding, such as what was centred twice, must not choose by it.
            default -> a.less(b.add(0.0625)).where(a, b.mul(0.5).add(a.mul(0)));
        };
    }

    /** Keeps magnitudes near one, so that rounding stays near rounding. */
    private static Tensor tame(Tensor x) {
        return x.mul(x.constant(1).div(x.abs().add(1)));
    }

    private static boolean broadcasts(Tensor a, Tensor b) {
        for (int i = 1; i <= Math.min(a.rank(), b.rank()); i++) {
            if (a.dim(-i) != b.dim(-i) && a.dim(-i) != 1 && b.dim(-i) != 1) {
                return false;
            }
        }
        return a.dtype() == DType.F32 && b.dtype() == DType.F32;
    }
}
