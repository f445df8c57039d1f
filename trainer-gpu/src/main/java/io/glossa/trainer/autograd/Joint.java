package io.glossa.trainer.autograd;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes one graph of forward, backward and optimizer update. */
public final class Joint {
    private Joint() {}

    /** As below, for a process that trains alone. */
    public static Graph graph(Program program, Trace trace) {
        return graph(program, trace, 1);
    }

    /**
     * Runs the program over symbolic tensors and adds gradients and updates if it is trained.
     *
     * @param ranks processes that train together: gradients and metrics are means over them
     */
    public static Graph graph(Program program, Trace trace, int ranks) {
        program.forward().accept(trace);
        if (program.optimizer().isEmpty()) {
            return new Graph(trace.builder(), trace.outputs(), trace.updates(), Map.of());
        }
        Tensor loss = trace.loss()
                .orElseThrow(() -> GlossaException.user("Cannot train program '" + program.name()
                        + "': it declares no loss, expected one call of Trace.loss"));
        Map<String, Node> parameters = Gradients.parameters(loss);
        Map<String, Tensor> gradients = Gradients.of(loss, parameters);
        Map<String, Tensor> tensors = tensors(parameters, trace);
        Distribute distribute = new Distribute(ranks);
        Map<String, Node> metrics = nodes(distribute.means(tensors(trace.outputs(), trace)));
        program.optimizer().get().update(trace, tensors, distribute.means(gradients));
        Map<String, Node> outputs = new LinkedHashMap<>(trace.outputs());
        outputs.putAll(metrics);
        return new Graph(trace.builder(), outputs, trace.updates(), nodes(gradients));
    }

    private static Map<String, Tensor> tensors(Map<String, Node> nodes, Trace trace) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        nodes.forEach((name, node) -> tensors.put(name, new Tensor(trace.builder(), node)));
        return tensors;
    }

    private static Map<String, Node> nodes(Map<String, Tensor> tensors) {
        Map<String, Node> nodes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> nodes.put(name, tensor.node()));
        return nodes;
    }
}
