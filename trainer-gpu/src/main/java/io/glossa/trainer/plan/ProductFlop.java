package io.glossa.trainer.plan;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Composite;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.lower.Decompose;
import io.glossa.trainer.runtime.KernelTime;
import io.glossa.trainer.trace.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Floating-point operations of the matrix products that a composite stands for, of its decomposition. */
final class ProductFlop {
    private record Call(Composite composite, List<Shape> inputs) {}

    private final Map<Call, Double> known = new HashMap<>();

    /** 0 of a composite whose work is not in products. */
    double of(Node call) {
        Composite composite = call.attr(Attr.Call.class).composite();
        if (!composite.isProduct()) {
            return 0;
        }
        List<Shape> shapes = call.inputs().stream().map(Node::shape).toList();
        return known.computeIfAbsent(new Call(composite, shapes), key -> counted(composite, call.inputs()));
    }

    private static double counted(Composite composite, List<Node> inputs) {
        Trace trace = new Trace();
        List<Tensor> tensors = new ArrayList<>();
        for (Node input : inputs) {
            DType type = input.type().dtype() == DType.BF16
                    ? DType.F32
                    : input.type().dtype();
            tensors.add(
                    trace.batch("input" + tensors.size(), type, input.shape().dims()));
        }
        Graph graph = Graph.of(
                trace.builder(), Map.of("value", composite.decompose(tensors).node()));
        return Decompose.everything(graph).nodes().stream()
                .filter(node -> node.op() == Op.MATMUL)
                .mapToDouble(KernelTime::flop)
                .sum();
    }
}
