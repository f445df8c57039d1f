package io.glossa.trainer.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.trainer.autograd.Gradients;
import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.lower.Decompose;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Trace;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** Holds the gradient of a scalar to finite differences in one random direction, in double precision. */
public final class GradientCheck {
    private static final double STEP = 1e-5;

    private final Map<String, double[]> inputs = new HashMap<>();
    private final Map<String, Node> gradients = new LinkedHashMap<>();
    private final Node loss;
    private final int seed;

    /** @param scalar declares its parameters and batch inputs on the trace and gives a scalar of them */
    public GradientCheck(Function<Trace, Tensor> scalar, Map<String, HostTensor> batch, int seed) {
        this.seed = seed;
        Trace trace = new Trace();
        Tensor value = scalar.apply(trace);
        Map<String, Node> wanted = Gradients.parameters(value);
        Map<String, Node> outputs = new LinkedHashMap<>();
        Gradients.of(value, wanted).forEach((name, gradient) -> outputs.put(name, gradient.node()));
        outputs.put(" loss", value.node());
        Graph graph = Decompose.everything(Graph.of(trace.builder(), outputs));
        gradients.putAll(graph.outputs());
        loss = gradients.remove(" loss");
        trace.initial(seed).forEach((name, tensor) -> inputs.put(name, doubles(tensor.value())));
        batch.forEach((name, tensor) -> inputs.put(name, doubles(tensor)));
    }

    /** Fails where the slope along a random direction is not what the gradients say. */
    public GradientCheck holds(double tolerance) {
        Map<String, double[]> gradient = values();
        Random random = new Random(seed);
        Map<String, double[]> direction = new HashMap<>();
        gradient.forEach(
                (name, g) -> direction.put(name, random.doubles(g.length, -1, 1).toArray()));
        double slope = 0;
        double size = 0;
        for (String name : gradient.keySet()) {
            for (int i = 0; i < gradient.get(name).length; i++) {
                double term = gradient.get(name)[i] * direction.get(name)[i];
                slope += term;
                size += Math.abs(term);
            }
        }
        double measured = (lossAt(direction, STEP) - lossAt(direction, -STEP)) / (2 * STEP);
        assertThat(measured).as("slope, seed " + seed).isCloseTo(slope, within(tolerance * (1e-3 + size)));
        return this;
    }

    /** The gradient of each parameter. */
    public Map<String, double[]> values() {
        Map<Node, double[]> all = ReferenceDevice.evaluate(List.copyOf(gradients.values()), inputs);
        Map<String, double[]> named = new LinkedHashMap<>();
        gradients.forEach((name, node) -> named.put(name, all.get(node)));
        return named;
    }

    /** The scalar itself. */
    public double loss() {
        return ReferenceDevice.evaluate(List.of(loss), inputs).get(loss)[0];
    }

    private double lossAt(Map<String, double[]> direction, double by) {
        Map<String, double[]> moved = new HashMap<>(inputs);
        direction.forEach((name, d) -> {
            double[] x = inputs.get(name).clone();
            for (int i = 0; i < x.length; i++) {
                x[i] += by * d[i];
            }
            moved.put(name, x);
        });
        return ReferenceDevice.evaluate(List.of(loss), moved).get(loss)[0];
    }

    private static double[] doubles(HostTensor tensor) {
        double[] values = new double[(int) tensor.type().shape().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.at(i);
        }
        return values;
    }

    /** A composite without its own derivative: what its decomposition's is held against. */
    public record Plain(Composite inner) implements Composite {
        @Override
        public String name() {
            return inner.name();
        }

        @Override
        public Type type(List<Type> inputs) {
            return inner.type(inputs);
        }

        @Override
        public Tensor decompose(List<Tensor> inputs) {
            return inner.decompose(inputs);
        }
    }
}
