package io.glossa.trainer.autograd;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Builder;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.lower.Rewrite;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes sums over a batch those over the ranks that hold it: nothing where there is one. Small tensors travel together (Li et
 * al. 2020, "PyTorch Distributed", §3.2.2). All ranks run the same program, so that they meet in the same order.
 */
final class Distribute {
    /** Elements from which on a tensor travels alone: 1 MB. */
    private static final long LARGE = 1 << 18;

    /** As many as a kernel reads at once. */
    private static final int TOGETHER = 32;

    private final Builder builder;
    private final Map<Node, Node> reduced = new HashMap<>();

    private Distribute(Builder builder) {
        this.builder = builder;
    }

    static Graph apply(Graph graph, int ranks) {
        Distribute distribute = new Distribute(graph.builder());
        if (ranks > 1) {
            distribute.reduce(BatchSums.of(graph));
        }
        return Rewrite.nodes(graph, (builder, node, inputs) -> {
            if (!BatchSums.isSum(node)) {
                return builder.node(node.op(), inputs, node.attr());
            }
            return ranks == 1 ? inputs.get(0) : distribute.reduced(node, inputs);
        });
    }

    private Node reduced(Node sum, List<Node> inputs) {
        Node together = reduced.get(sum);
        return together != null ? together : builder.node(Op.ALL_REDUCE, inputs, Attr.NONE);
    }

    /** @param sums that depend on no other */
    private void reduce(List<Node> sums) {
        List<Node> small =
                sums.stream().filter(sum -> sum.shape().size() < LARGE).toList();
        for (int from = 0; from < small.size(); from += TOGETHER) {
            together(small.subList(from, Math.min(small.size(), from + TOGETHER)));
        }
    }

    private void together(List<Node> sums) {
        List<Tensor> flat = new ArrayList<>();
        sums.forEach(sum -> flat.add(new Tensor(builder, sum.input(0)).reshape(-1)));
        Tensor sent = flat.get(0);
        if (flat.size() > 1) {
            sent = sent.concat(0, flat.subList(1, flat.size()).toArray(Tensor[]::new));
        }
        Tensor all = sent.allReduce();
        int at = 0;
        for (int i = 0; i < sums.size(); i++) {
            int next = at + flat.get(i).dim(0);
            int[] dims = sums.get(i).shape().dims();
            reduced.put(sums.get(i), all.slice(0, at, next).reshape(dims).node());
            at = next;
        }
    }
}
