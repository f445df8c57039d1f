package io.glossa.trainer.autograd;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.lower.Rewrite;
import io.glossa.trainer.trace.Trace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Cuts a training step where values of one part of a batch become sums over the whole batch, so that a part's share of them
 * can be added up by one program and used by another. The model knows nothing of it.
 */
final class BatchSums {
    private static final String PREFIX = "sum.";

    private BatchSums() {}

    /**
     * What lies before the sums: each part's share is added to an input of role SUM.
     *
     * @param stream whose sums these are, but for those of gradients; "" where there is one
     */
    static Graph gradients(Graph joint, Trace trace, String stream) {
        Map<String, Node> updates = new LinkedHashMap<>();
        for (Node sum : of(joint)) {
            Tensor before = before(trace, sum, stream);
            updates.put(
                    name(sum, stream),
                    before.add(new Tensor(joint.builder(), sum.input(0))).node());
        }
        return new Graph(joint.builder(), Map.of(), updates, joint.gradients());
    }

    /** What lies behind the sums, which it reads and sets to zero. It is the same whatever the extents of a part. */
    static Graph apply(Graph joint, Trace trace, String stream) {
        Map<Node, Node> whole = new LinkedHashMap<>();
        Map<String, Node> zeros = new LinkedHashMap<>();
        for (Node sum : of(joint)) {
            Tensor before = before(trace, sum, stream);
            whole.put(sum, joint.builder().node(Op.ALL_REDUCE, List.of(before.node()), sum.attr()));
            zeros.put(name(sum, stream), before.full(0, before.shape().dims()).node());
        }
        Graph after = Rewrite.nodes(
                new Graph(joint.builder(), joint.outputs(), joint.updates(), Map.of()),
                (builder, node, inputs) ->
                        whole.containsKey(node) ? whole.get(node) : builder.node(node.op(), inputs, node.attr()));
        Map<String, Node> updates = new LinkedHashMap<>(after.updates());
        updates.putAll(zeros);
        Graph graph = new Graph(joint.builder(), after.outputs(), updates, Map.of());
        requireWhole(graph);
        return graph;
    }

    /** The sums over the batch, none of which depends on another. */
    static List<Node> of(Graph graph) {
        List<Node> sums = new ArrayList<>();
        Set<Node> behind = new HashSet<>();
        for (Node node : graph.nodes()) {
            boolean late = node.inputs().stream().anyMatch(behind::contains);
            boolean sum = isSum(node);
            if (sum && !late) {
                sums.add(node);
            }
            if (sum || late) {
                behind.add(node);
            }
        }
        return sums;
    }

    static boolean isSum(Node node) {
        return node.attr() instanceof Attr.Sum;
    }

    private static Tensor before(Trace trace, Node sum, String stream) {
        return trace.sum(name(sum, stream), sum.shape().dims());
    }

    private static String name(Node sum, String stream) {
        return name(
                Joint.isGradient(sum) ? "" : stream, sum.attr(Attr.Sum.class).name());
    }

    /** Of the input that a stream's sum is added up in. */
    static String name(String stream, String sum) {
        return PREFIX + (stream.isEmpty() ? "" : stream + "/") + sum;
    }

    private static void requireWhole(Graph apply) {
        for (Node input : apply.inputs()) {
            if (input.attr(Attr.Input.class).role() == Attr.Role.BATCH
                    && input.shape().rank() > 0) {
                throw GlossaException.internal("Cannot train in parts: what follows the sums over a batch reads "
                        + input.attr(Attr.Input.class).name() + ", which is of one part, expected sums alone"
                        + " (Tensor.batchSum, Trace.mean)");
            }
        }
    }
}
