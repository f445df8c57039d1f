package io.glossa.trainer.autograd;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.lower.Rewrite;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The programs of a step whose loss is Σ λ·(sum / weight) over several streams of data, each with a weight of its own over the
 * whole batch. What a batch of a stream weighs is added up before its gradients ({@link Entry#WEIGHT}, {@link Entry#SHARE}), so
 * that those of all streams go into the same sums, each multiplied by its λ / weight, and are added up over ranks once, by the
 * update. So a loss's weight must cost little: it may not depend on what the model computes.
 */
final class StreamParts {
    private StreamParts() {}

    /** One program of a stream. */
    static Graph of(Program program, Trace trace, Entry entry) {
        String stream = program.stream().orElseThrow();
        program.forward().accept(trace);
        Trace.Loss loss = Joint.loss(program, trace);
        Node sum = loss.batchWeight().node().inputs().stream()
                .filter(BatchSums::isSum)
                .findFirst()
                .orElseThrow();
        String name = BatchSums.name(stream, sum.attr(Attr.Sum.class).name());
        Tensor whole = trace.sum(name);
        Graph forward = Rewrite.nodes(
                new Graph(trace.builder(), trace.outputs(), trace.updates(), Map.of()),
                (builder, node, inputs) -> node == sum ? whole.node() : builder.node(node.op(), inputs, node.attr()));
        return switch (entry) {
            case WEIGHT -> update(trace, name, whole.add(loss.weight()));
            case SHARE -> update(trace, name, whole.batchSum(name));
            case GRADIENTS -> gradients(program, trace, forward, whole);
            case APPLY -> {
                Map<String, Node> updates = new LinkedHashMap<>(forward.updates());
                updates.put(name, whole.constant(0).node());
                yield BatchSums.apply(new Graph(trace.builder(), forward.outputs(), updates, Map.of()), trace, stream);
            }
            case STEP ->
                throw GlossaException.internal(
                        "Cannot make a step of stream '" + stream + "' alone, expected one of the parts of a step");
        };
    }

    private static Graph update(Trace trace, String name, Tensor value) {
        return new Graph(trace.builder(), Map.of(), Map.of(name, value.node()), Map.of());
    }

    private static Graph gradients(Program program, Trace trace, Graph forward, Tensor weight) {
        Trace.Loss loss = trace.loss().orElseThrow();
        Tensor share = trace.batch(Trace.LOSS_WEIGHT, DType.F32).div(weight.maximum(weight.constant(1)));
        Map<String, Tensor> gradients = Gradients.of(loss.sum().mul(share), Joint.trained(program, loss));
        Map<String, Tensor> sums = new LinkedHashMap<>(gradients);
        sums.replaceAll(Joint::sum);
        Map<String, Node> all = Joint.nodes(sums);
        all.putAll(forward.outputs());
        Graph joint = new Graph(trace.builder(), all, forward.updates(), Joint.nodes(gradients));
        return BatchSums.gradients(joint, trace, program.stream().orElseThrow());
    }

    /** The update of what some streams together train. */
    static Graph update(List<Program> streams, Trace trace) {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        for (Program stream : streams) {
            Trace own = new Trace();
            of(stream, own, Entry.APPLY);
            trace.adopt(own);
            Joint.trained(stream, own.loss().orElseThrow())
                    .keySet()
                    .forEach(name -> parameters.put(name, trace.input(name)));
        }
        Map<String, Tensor> gradients = new LinkedHashMap<>(parameters);
        gradients.replaceAll((name, parameter) ->
                Joint.sum(name, parameter.full(0, parameter.shape().dims())));
        streams.get(0).optimizer().orElseThrow().update(trace, parameters, gradients, trace.constant(1));
        return BatchSums.apply(new Graph(trace.builder(), trace.outputs(), trace.updates(), Map.of()), trace, "");
    }
}
