package io.glossa.trainer.emit;

import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The loops over the columns that a row of a LOOP group takes, one after the other: what needs a reduction's result comes
 * a stage after it.
 */
public final class Stages {
    private final Group group;
    private final List<Node> reductions = new ArrayList<>();
    private final List<Node> full = new ArrayList<>();
    private final List<Node> perRow = new ArrayList<>();
    private final Map<Node, Integer> stages = new HashMap<>();

    public Stages(Group group) {
        this.group = group;
        for (Node node : group.members()) {
            if (node.kind() == Op.Kind.REDUCTION
                    && group.once(node) == node
                    && !group.columnSums().contains(node)) {
                reductions.add(node);
            }
        }
        for (Node node : group.stored()) {
            if (node.kind() != Op.Kind.REDUCTION) {
                (isFull(node) ? full : perRow).add(node);
            }
        }
    }

    public boolean hasReductions() {
        return !reductions.isEmpty();
    }

    /** The last stage in which a reduction or a value of the full size is computed; 0 where there is none. */
    public int last() {
        int last = 0;
        for (Node node : reductions) {
            last = Math.max(last, of(node));
        }
        for (Node node : full) {
            last = Math.max(last, of(node));
        }
        for (Node node : group.columnSums()) {
            last = Math.max(last, of(node));
        }
        return last;
    }

    /** The reductions of a stage, inputs before users. */
    public List<Node> reductions(int stage) {
        return at(reductions, stage);
    }

    /** The values with one element per iteration that a stage writes to memory. */
    public List<Node> full(int stage) {
        return at(full, stage);
    }

    /** The sums over lines that a stage adds to. */
    public List<Node> columnSums(int stage) {
        return at(group.columnSums(), stage);
    }

    /** The values with one element per row that are known before a stage and written then. */
    public List<Node> perRow(int stage) {
        return at(perRow, stage);
    }

    /** Whether a node has an element for each iteration, or several. */
    public boolean isFull(Node node) {
        return node.shape().size() >= group.rows() * group.columns();
    }

    private List<Node> at(List<Node> nodes, int stage) {
        return nodes.stream().filter(node -> of(node) == stage).toList();
    }

    /** How many loops over the columns must come before the node can be computed. */
    int of(Node node) {
        Integer known = stages.get(node);
        if (known != null) {
            return known;
        }
        int stage = 0;
        for (Node wanted : node.inputs()) {
            Node input = group.once(wanted);
            if (group.computes(input)) {
                stage = Math.max(stage, of(input) + (input.kind() == Op.Kind.REDUCTION ? 1 : 0));
            }
        }
        stages.put(node, stage);
        return stage;
    }
}
