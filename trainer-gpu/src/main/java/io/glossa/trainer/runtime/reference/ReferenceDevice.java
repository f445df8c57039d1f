package io.glossa.trainer.runtime.reference;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.lower.Decompose;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.State;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Evaluates graphs in double precision, composites by their decomposition. */
public final class ReferenceDevice implements Device {
    @Override
    public String name() {
        return "reference";
    }

    @Override
    public State allocate(Map<String, LazyTensor> values) {
        Map<String, double[]> held = new LinkedHashMap<>();
        Map<String, Type> types = new LinkedHashMap<>();
        values.forEach((name, tensor) -> {
            held.put(name, doubles(tensor.value()));
            types.put(name, tensor.type());
        });
        return new Held(held, types);
    }

    @Override
    public Executable load(String name, Graph whole) {
        Graph graph = Decompose.everything(whole);
        return new Executable() {
            @Override
            public Map<String, HostTensor> run(State state, Map<String, HostTensor> batch) {
                return evaluate(graph, (Held) state, batch);
            }

            @Override
            public long arenaBytes() {
                return graph.nodes().stream().mapToLong(n -> n.type().bytes()).sum();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void close() {}

    /** Values of nodes of one builder, given those of its inputs by name. */
    public static Map<Node, double[]> evaluate(List<Node> roots, Map<String, double[]> inputs) {
        Map<Node, double[]> values = new HashMap<>();
        for (Node node : Graph.reachable(roots)) {
            values.put(node, value(node, values, inputs));
        }
        return values;
    }

    private static double[] value(Node node, Map<Node, double[]> values, Map<String, double[]> inputs) {
        if (node.op() != Op.INPUT) {
            return ReferenceOps.RULES
                    .get(node.op())
                    .apply(node, node.inputs().stream().map(values::get).toList());
        }
        String name = node.attr(Attr.Input.class).name();
        if (!inputs.containsKey(name)) {
            throw GlossaException.internal("Cannot run: input '" + name + "' is missing, expected " + node.type());
        }
        return inputs.get(name);
    }

    private static Map<String, HostTensor> evaluate(Graph graph, Held state, Map<String, HostTensor> batch) {
        Map<String, double[]> inputs = new HashMap<>(state.values);
        batch.forEach((name, value) -> inputs.put(name, doubles(value)));
        Map<Node, double[]> values = evaluate(graph.roots(), inputs);
        Map<String, HostTensor> outputs = new LinkedHashMap<>();
        graph.outputs().forEach((name, node) -> outputs.put(name, host(node.type(), values.get(node))));
        // What is kept between runs is kept in the precision that a checkpoint has.
        graph.updates().forEach((name, node) -> state.put(name, host(node.type(), values.get(node))));
        return outputs;
    }

    static double[] doubles(HostTensor tensor) {
        double[] out = new double[Math.toIntExact(tensor.type().shape().size())];
        for (int i = 0; i < out.length; i++) {
            out[i] = tensor.at(i);
        }
        return out;
    }

    static HostTensor host(Type type, double[] values) {
        HostTensor out = HostTensor.zeros(type);
        for (int i = 0; i < values.length; i++) {
            if (type.dtype().isFloat()) {
                out.floats()[i] = (float) values[i];
            } else {
                out.ints()[i] = (int) values[i];
            }
        }
        return out;
    }

    private record Held(Map<String, double[]> values, Map<String, Type> types) implements State {
        @Override
        public Set<String> names() {
            return types.keySet();
        }

        @Override
        public HostTensor get(String name) {
            return host(types.get(name), values.get(name));
        }

        @Override
        public void put(String name, HostTensor value) {
            values.put(name, doubles(value));
        }

        @Override
        public void close() {}
    }
}
