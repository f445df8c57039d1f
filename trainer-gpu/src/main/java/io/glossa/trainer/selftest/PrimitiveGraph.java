package io.glossa.trainer.selftest;

import io.glossa.trainer.autograd.Gradients;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.lower.MixedPrecision;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.trace.Trace;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** All samples of all primitives, and their gradients, in one program. */
public final class PrimitiveGraph {
    private PrimitiveGraph() {}

    /** Outputs have names that begin with the primitive's and a slash. In BF16, casts are part of the graph. */
    public static Graph of(Precision precision) {
        Trace trace = new Trace();
        SampleInputs inputs = new SampleInputs(trace, precision);
        Map<String, Node> outputs = new LinkedHashMap<>();
        for (Op op : Op.values()) {
            for (Samples.Sample sample : Samples.of(op)) {
                String name = op + "/" + outputs.size();
                Tensor value = inputs.result(sample.apply(inputs));
                outputs.put(name, value.node());
                Tensor loss = scalar(value);
                Gradients.of(loss, Gradients.parameters(loss))
                        .forEach((input, gradient) -> outputs.put(name + " by " + input, gradient.node()));
            }
        }
        Graph graph = new Graph(trace.builder(), outputs, Map.of(), kernelGradients(outputs));
        return precision.isMixed() ? MixedPrecision.apply(graph) : graph;
    }

    /** Gradients of convolution kernels are no operands, so they stay in F32. */
    private static Map<String, Node> kernelGradients(Map<String, Node> outputs) {
        return Graph.reachable(outputs.values()).stream()
                .filter(node -> node.op() == Op.CONV2D_GRAD_WEIGHT)
                .collect(Collectors.toMap(node -> "kernel " + node.id(), node -> node));
    }

    /** A scalar that depends on every element differently. */
    public static Tensor scalar(Tensor value) {
        if (value.dtype() != DType.F32) {
            return value.mul(value).total();
        }
        Tensor at = value.iota(value.shape().dims()).cast(DType.F32);
        return value.mul(at.mul(0.37).add(0.5).sin()).total();
    }
}
