package io.glossa.trainer.autograd;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Builder;
import io.glossa.trainer.ir.Gathered;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.lower.Rewrite;
import io.glossa.trainer.trace.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Makes sums over a batch those over the ranks that hold it: nothing where there is one. Gradients are reduced to a segment for
 * each rank and gathered where the whole is used; {@link Forms} says where it is not. Where it is asked for, parameters are segments
 * too. Small tensors travel together (Li et al. 2020, "PyTorch Distributed", §3.2.2). All ranks make the same graph but for the
 * numbers of their segments, so that they meet in the same order. It is made anew, node by node, so that nodes are numbered in one
 * order however a model is shared: by their numbers later passes choose, and bits hang on what they choose.
 */
final class Distribute {
    /** As many as a kernel reads at once. */
    private static final int TOGETHER = 32;

    /** Elements of a row, where a segment has as many rows. */
    private static final int COLUMNS = 256;

    private final Graph graph;
    private final Trace trace;
    private final Builder builder;
    private final Attr.Segment own;
    private final List<Node> sums;
    private final Set<Node> gradients;
    private final Forms forms;
    private final Map<Node, Tensor> wholes = new HashMap<>();
    private final Map<Node, Tensor> segments = new HashMap<>();
    private final Map<Node, Tensor> partials = new HashMap<>();

    private Distribute(Graph graph, Trace trace, Ranks ranks) {
        this.graph = graph;
        this.trace = trace;
        builder = new Builder();
        own = ranks.segment();
        sums = BatchSums.of(graph);
        gradients = new LinkedHashSet<>(sums.stream().filter(Joint::isGradient).toList());
        forms = new Forms(graph, gradients, ranks.sharding());
        if (ranks.sharding() == Sharding.PARAMETERS) {
            shareParameters();
        }
    }

    /** @param trace which is told of parameters and states that become segments */
    static Graph apply(Graph graph, Trace trace, Ranks ranks) {
        if (ranks.own().count() == 1) {
            return Rewrite.nodes(
                    graph,
                    (builder, node, inputs) ->
                            BatchSums.isSum(node) ? inputs.get(0) : builder.node(node.op(), inputs, node.attr()));
        }
        return new Distribute(graph, trace, ranks).distributed();
    }

    /** By its size alone, so that all programs of a training declare the same; who reads it reads what is {@link Gathered}. */
    private void shareParameters() {
        trace.declared(Attr.Role.PARAMETER).forEach((name, type) -> {
            if (type.shape().size() >= Forms.LARGE) {
                Node whole = trace.input(name).node();
                segments.put(whole, segmentInput(whole));
            }
        });
    }

    private Graph distributed() {
        Set<Node> behindSums = behindSums();
        rebuild(node -> !behindSums.contains(node));
        together(sum -> !gradients.contains(sum) && isSmall(sum), this::reduce);
        together(sum -> gradients.contains(sum) && isSmall(sum), this::scatter);
        gradients.stream().filter(sum -> !isSmall(sum)).forEach(sum -> scatter(List.of(sum)));
        rebuild(node -> true);
        return new Graph(builder, wholes(graph.outputs()), updates(), wholes(graph.gradients()));
    }

    private Set<Node> behindSums() {
        Set<Node> behind = new HashSet<>(sums);
        for (Node node : Rewrite.all(graph)) {
            if (node.inputs().stream().anyMatch(behind::contains)) {
                behind.add(node);
            }
        }
        return behind;
    }

    private void rebuild(Predicate<Node> chosen) {
        for (Node node : Rewrite.all(graph)) {
            if (chosen.test(node) && !wholes.containsKey(node) && forms.of(node) == Forms.Form.WHOLE) {
                wholes.put(node, rebuilt(node));
            }
        }
    }

    private Tensor rebuilt(Node node) {
        if (node.op() == Op.INPUT) {
            return segments.containsKey(node) ? gathered(node) : input(node);
        }
        List<Node> inputs =
                node.inputs().stream().map(input -> whole(input).node()).toList();
        return new Tensor(builder, builder.node(node.op(), inputs, BatchSums.isSum(node) ? Attr.NONE : node.attr()));
    }

    private Tensor input(Node declared) {
        return new Tensor(builder, Rewrite.copy(builder, declared, List.of()));
    }

    private Tensor segmentInput(Node whole) {
        String name = whole.attr(Attr.Input.class).name();
        return input(trace.segment(name, own, Shape.of(layout(whole))).node());
    }

    private static boolean isSmall(Node node) {
        return node.shape().size() < Forms.LARGE;
    }

    private void together(Predicate<Node> chosen, Consumer<List<Node>> how) {
        List<Node> some = sums.stream().filter(chosen).toList();
        for (int from = 0; from < some.size(); from += TOGETHER) {
            how.accept(some.subList(from, Math.min(some.size(), from + TOGETHER)));
        }
    }

    /** Sums that depend on no other. */
    private void reduce(List<Node> sums) {
        Tensor all = joined(
                        0,
                        sums.stream()
                                .map(sum -> whole(sum.input(0)).reshape(-1))
                                .toList())
                .allReduce();
        int at = 0;
        for (Node sum : sums) {
            int next = at + Math.toIntExact(sum.shape().size());
            wholes.put(sum, all.slice(0, at, next).reshape(sum.shape().dims()));
            at = next;
        }
    }

    /** As above, of which each rank gets a segment, before all get the whole. */
    private void scatter(List<Node> sums) {
        List<Tensor> rows = new ArrayList<>();
        for (Node sum : sums) {
            int size = Math.toIntExact(sum.shape().size());
            int segment = own.of(size);
            rows.add(whole(sum.input(0))
                    .reshape(-1)
                    .pad(0, 0, segment * own.count() - size)
                    .reshape(own.count(), segment));
        }
        Tensor scattered = joined(1, rows).reshape(-1).reduceScatter(own);
        Tensor gathered = scattered.allGather(own).reshape(own.count(), -1);
        int at = 0;
        for (Node sum : sums) {
            int size = Math.toIntExact(sum.shape().size());
            int next = at + own.of(size);
            segments.put(sum, scattered.slice(0, at, next).reshape(layout(sum)));
            wholes.put(
                    sum,
                    gathered.slice(1, at, next)
                            .reshape(-1)
                            .slice(0, 0, size)
                            .reshape(sum.shape().dims()));
            at = next;
        }
    }

    private static Tensor joined(int axis, List<Tensor> parts) {
        return parts.size() == 1
                ? parts.get(0)
                : parts.get(0).concat(axis, parts.subList(1, parts.size()).toArray(Tensor[]::new));
    }

    private Map<String, Node> wholes(Map<String, Node> named) {
        Map<String, Node> wholes = new LinkedHashMap<>();
        named.forEach((name, node) -> wholes.put(name, whole(node).node()));
        return wholes;
    }

    private Map<String, Node> updates() {
        Map<String, Node> updates = new LinkedHashMap<>();
        graph.updates().forEach((name, node) -> {
            boolean shared = forms.isState(name) || trace.wholes().containsKey(name);
            updates.put(name, (shared ? segment(node) : whole(node)).node());
        });
        return updates;
    }

    private Tensor whole(Node node) {
        Tensor whole = wholes.get(node);
        if (whole == null) {
            whole = forms.of(node) == Forms.Form.PARTIAL ? partial(node).allReduce() : gathered(node);
            wholes.put(node, whole);
        }
        return whole;
    }

    private Tensor gathered(Node node) {
        return segment(node)
                .reshape(-1)
                .allGather(own)
                .slice(0, 0, Math.toIntExact(node.shape().size()))
                .reshape(node.shape().dims());
    }

    private Tensor segment(Node node) {
        Tensor segment = segments.get(node);
        if (segment == null) {
            segment = segmentOf(node);
            segments.put(node, segment);
        }
        return segment;
    }

    private Tensor segmentOf(Node node) {
        if (node.op() == Op.INPUT && forms.of(node) == Forms.Form.SEGMENT) {
            return segmentInput(node);
        }
        if (node.op() == Op.RESHAPE) {
            return segment(node.input(0));
        }
        if (Forms.isElementwise(node)) {
            List<Node> inputs =
                    node.inputs().stream().map(input -> segment(input).node()).toList();
            return new Tensor(builder, builder.node(node.op(), inputs, node.attr()));
        }
        if (node.op() == Op.EXPAND && node.input(0).shape().size() == 1) {
            return whole(node.input(0)).reshape(1).expand(Shape.of(layout(node)));
        }
        return whole(node).reshape(-1).shard(own).reshape(layout(node));
    }

    /** What this rank adds to a value. */
    private Tensor partial(Node node) {
        Tensor partial = partials.get(node);
        if (partial == null) {
            if (node.op() == Op.ADD) {
                partial = partial(node.input(0)).add(partial(node.input(1)));
            } else if (node.op() == Op.RESHAPE) {
                partial = partial(node.input(0)).reshape(node.shape().dims());
            } else {
                partial = inside(node.input(0)).total().reshape(node.shape().dims());
            }
            partials.put(node, partial);
        }
        return partial;
    }

    /** A segment with zeros behind the end of the whole, whatever was computed there. */
    private Tensor inside(Node node) {
        Tensor segment = segment(node);
        int size = Math.toIntExact(node.shape().size());
        if (own.of(size) * own.count() == size) {
            return segment;
        }
        Tensor zero = segment.constant(0);
        Tensor isInside =
                zero.less(zero.add(1).expand(Shape.of(size)).shard(own).reshape(layout(node)));
        return isInside.where(segment, zero);
    }

    private int[] layout(Node whole) {
        int elements = own.of(whole.shape().size());
        return elements % COLUMNS == 0 && elements > COLUMNS
                ? new int[] {elements / COLUMNS, COLUMNS}
                : new int[] {elements};
    }
}
