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

    /** Runs the program over symbolic tensors and adds gradients and updates if it is trained. */
    public static Graph graph(Program program, Trace trace) {
        program.forward().accept(trace);
        if (program.optimizer().isEmpty()) {
            return new Graph(trace.builder(), trace.outputs(), trace.updates(), Map.of());
        }
        Tensor loss = trace.loss()
                .orElseThrow(() -> GlossaException.user("Cannot train program '" + program.name()
                        + "': it declares no loss, expected one call of Trace.loss"));
        Map<String, Node> parameters = Gradients.parameters(loss);
        Map<String, Tensor> gradients = Gradients.of(loss, parameters);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        parameters.forEach((name, node) -> tensors.put(name, new Tensor(trace.builder(), node)));
        program.optimizer().get().update(trace, tensors, gradients);
        Map<String, Node> marked = new LinkedHashMap<>();
        gradients.forEach((name, tensor) -> marked.put(name, tensor.node()));
        return new Graph(trace.builder(), trace.outputs(), trace.updates(), marked);
    }
}
