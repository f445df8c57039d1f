package io.glossa.trainer.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.trainer.autograd.Gradients;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.GraphPrinter;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.host.BuildSetup;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import io.glossa.trainer.workbench.Runs;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Assumptions;

/** Runs graphs on a device and on the reference, and compares. */
public final class Devices {
    private Devices() {}

    /** This machine's first GPU; where it has none, the test is skipped, and says so. */
    public static Device gpu(Precision precision) {
        try {
            return DeviceRequest.of("cuda")
                    .with(Compile.Options.DEFAULTS.with(precision))
                    .open();
        } catch (GlossaException e) {
            if (e.type() != ErrorType.RESOURCE) {
                throw e;
            }
            return skip("no GPU here: " + e.getMessage());
        }
    }

    /** Where no product of BF16 numbers is to be had, emulated ones included, the test is skipped, and says so. */
    public static void requireProducts(Precision precision) {
        String features = BuildSetup.ofEnvironment().processor();
        if (precision == Precision.BF16 && !features.contains(" avx512bw") && !features.contains(" avx_ne_convert")) {
            skip("oneDNN multiplies no bf16 on this processor");
        }
    }

    /** Skips the test that calls this, in so many words. */
    public static <T> T skip(String why) {
        System.out.println("skipped, " + why);
        return Assumptions.abort(why);
    }

    /** Compares every output and every update of a graph with the reference's. */
    public static void assertEqual(Device device, Graph graph, int seed) {
        assertEqual(device, graph, seed, 2e-5);
    }

    /** @param tolerance relative to the largest element of an output, or to 1 */
    static void assertEqual(Device device, Graph graph, int seed, double tolerance) {
        assertThat(differences(device, graph, seed, tolerance)).isEmpty();
    }

    /**
     * As above, but a difference counts only if other inputs give it too: rounding may fall the other way and then turn a
     * comparison, which is a matter of values, while a wrong kernel is wrong for all.
     */
    static void assertEqualOnSomeInput(Device device, Graph graph, int seed, double tolerance) {
        Map<String, String> found = differences(device, graph, seed, tolerance);
        for (int other = seed + 1; other <= seed + 2 && !found.isEmpty(); other++) {
            System.out.println("looking again, with other inputs, at " + found.keySet());
            found.keySet()
                    .retainAll(differences(device, graph, other, tolerance).keySet());
        }
        assertThat(found).isEmpty();
    }

    /** By the name of an output or update, where device and reference differ, and the graph that leads there. */
    private static Map<String, String> differences(Device device, Graph graph, int seed, double tolerance) {
        Map<String, HostTensor> wanted = Runs.once(new ReferenceDevice(), graph, seed);
        Map<String, HostTensor> found = Runs.once(device, graph, seed);
        Map<String, String> differences = new LinkedHashMap<>();
        wanted.forEach((name, value) -> difference(value, found.get(name), tolerance)
                .ifPresent(where -> differences.put(name, where + ", seed " + seed + ", of\n" + print(graph, name))));
        return differences;
    }

    private static String print(Graph graph, String name) {
        Node node = name.startsWith("next ")
                ? graph.updates().get(name.substring(5))
                : graph.outputs().get(name);
        return GraphPrinter.print(Graph.of(graph.builder(), Map.of(name, node)));
    }

    private static Optional<String> difference(HostTensor wanted, HostTensor found, double tolerance) {
        if (Runs.difference(wanted, found) <= tolerance) {
            return Optional.empty();
        }
        int worst = 0;
        for (int i = 0; i < wanted.type().shape().size(); i++) {
            double difference = Math.abs(wanted.at(i) - found.at(i));
            worst = difference <= Math.abs(wanted.at(worst) - found.at(worst)) ? worst : i;
        }
        return Optional.of("element " + worst + " is " + found.at(worst) + ", expected " + wanted.at(worst));
    }

    /** dL along one random direction, by the gradient and by a central difference, in double precision. */
    static void assertGradient(Trace trace, Tensor loss, int seed) {
        Map<String, Node> parameters = Gradients.parameters(loss);
        Map<String, Tensor> gradients = Gradients.of(loss, parameters);
        Map<String, double[]> at = new LinkedHashMap<>();
        Map<String, double[]> direction = new LinkedHashMap<>();
        Random random = new Random(seed);
        parameters.forEach((name, node) -> {
            HostTensor value = new Init.Normal(1).values(name, node.shape(), seed);
            double[] x = new double[(int) node.shape().size()];
            double[] v = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                x[i] = value.at(i);
                v[i] = random.nextGaussian();
            }
            at.put(name, x);
            direction.put(name, v);
        });
        Map<Node, double[]> values = ReferenceDevice.evaluate(
                gradients.values().stream().map(Tensor::node).toList(), inputs(at, direction, 0));
        double slope = 0;
        for (Map.Entry<String, Tensor> gradient : gradients.entrySet()) {
            double[] g = values.get(gradient.getValue().node());
            double[] v = direction.get(gradient.getKey());
            for (int i = 0; i < g.length; i++) {
                slope += g[i] * v[i];
            }
        }
        double h = 1e-6;
        double difference = (value(loss, inputs(at, direction, h)) - value(loss, inputs(at, direction, -h))) / (2 * h);
        assertThat(slope)
                .as(
                        "gradient, seed %d, of\n%s",
                        seed, GraphPrinter.print(Graph.of(loss.builder(), Map.of("loss", loss.node()))))
                .isCloseTo(difference, Offset.offset(2e-5 * Math.max(1, Math.abs(difference))));
    }

    private static double value(Tensor loss, Map<String, double[]> inputs) {
        return ReferenceDevice.evaluate(List.of(loss.node()), inputs).get(loss.node())[0];
    }

    private static Map<String, double[]> inputs(Map<String, double[]> at, Map<String, double[]> direction, double by) {
        Map<String, double[]> moved = new HashMap<>();
        at.forEach((name, x) -> {
            double[] y = x.clone();
            for (int i = 0; i < y.length; i++) {
                y[i] += by * direction.get(name)[i];
            }
            moved.put(name, y);
        });
        moved.put(Trace.SEED, new double[] {7});
        moved.put(Trace.STEP, new double[] {7});
        return moved;
    }
}
