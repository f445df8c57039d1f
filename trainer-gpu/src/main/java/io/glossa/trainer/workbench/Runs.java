package io.glossa.trainer.workbench;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Init;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs graphs on random values, and compares what came of two runs. */
public final class Runs {
    private Runs() {}

    /** Every output, and every update as "next" of its name, of one run on normal inputs. Batch inputs are scalars. */
    public static Map<String, HostTensor> once(Device device, Graph graph, int seed) {
        Map<String, LazyTensor> values = new HashMap<>();
        Map<String, HostTensor> batch = new HashMap<>();
        for (Node node : graph.inputs()) {
            Attr.Input input = node.attr(Attr.Input.class);
            if (input.role() == Attr.Role.BATCH) {
                batch.put(input.name(), HostTensor.scalar(7));
            } else {
                values.put(
                        input.name(),
                        new LazyTensor(
                                node.type(),
                                () -> new Init.Normal(1)
                                        .values(input.name(), node.shape(), seed)
                                        .as(node.type().dtype())));
            }
        }
        return once(device, graph, values, batch);
    }

    /** The same of one run from these values of the state. */
    public static Map<String, HostTensor> once(
            Device device, Graph graph, Map<String, LazyTensor> initial, Map<String, HostTensor> batch) {
        try (State state = device.allocate(initial);
                Executable executable = device.load("test", graph)) {
            Map<String, HostTensor> results = new LinkedHashMap<>(executable.run(state, batch));
            graph.updates().keySet().forEach(name -> results.put("next " + name, state.get(name)));
            return results;
        }
    }

    /** The largest difference of two elements, relative to the largest wanted one, or to 1; infinite where one is no number. */
    public static double difference(HostTensor wanted, HostTensor found) {
        int size = (int) wanted.type().shape().size();
        double largest = 1;
        double worst = 0;
        for (int i = 0; i < size; i++) {
            largest = Math.max(largest, Math.abs(wanted.at(i)));
        }
        for (int i = 0; i < size; i++) {
            double difference = Math.abs(wanted.at(i) - found.at(i)) / largest;
            worst = Math.max(worst, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
        }
        return worst;
    }
}
