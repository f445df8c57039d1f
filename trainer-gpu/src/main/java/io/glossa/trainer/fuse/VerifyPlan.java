package io.glossa.trainer.fuse;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Proves of a plan that every value is read after it is written and before its memory is written again, for as long as reading
 * and writing goes on.
 */
public final class VerifyPlan {
    private VerifyPlan() {}

    /** Runs the plan over symbolic memory: each place remembers which node it holds. */
    public static ArenaPlan check(Schedule schedule, ArenaPlan plan) {
        Map<Node, Long> written = new HashMap<>();
        Set<Node> overwritten = new HashSet<>();
        Collectives collectives = schedule.collectives();
        List<Group> begun = new ArrayList<>();
        for (int i = 0; i < schedule.steps().size(); i++) {
            List<Group> step = schedule.steps().get(i);
            Set<Node> before = Set.copyOf(written.keySet());
            step.forEach(group -> group.reads().forEach(node -> requireThere(node, group, overwritten)));
            for (Group group : step) {
                for (Node node : group.stored()) {
                    Node taken = schedule.inPlace().get(node);
                    if (taken == null) {
                        write(node, plan, written, overwritten);
                    } else {
                        overwritten.add(taken);
                    }
                }
            }
            // What runs at once must leave alone what the others read and write.
            for (Group group : step) {
                group.reads().stream().filter(before::contains).forEach(node -> requireThere(node, group, overwritten));
                group.stored().forEach(node -> requireThere(node, group, overwritten));
            }
            step.stream().filter(Group::isCollective).forEach(begun::add);
            for (Group collective : begun.subList(collectives.ended(i), begun.size())) {
                collective.reads().forEach(node -> requireThere(node, collective, overwritten));
                collective.stored().forEach(node -> requireThere(node, collective, overwritten));
            }
        }
        return plan;
    }

    private static void write(Node node, ArenaPlan plan, Map<Node, Long> written, Set<Node> overwritten) {
        long from = plan.offsets().get(node);
        long to = from + node.type().bytes();
        written.entrySet().removeIf(entry -> {
            boolean hit = entry.getValue() < to
                    && from < entry.getValue() + entry.getKey().type().bytes();
            if (hit) {
                overwritten.add(entry.getKey());
            }
            return hit;
        });
        written.put(node, from);
    }

    private static void requireThere(Node node, Group group, Set<Node> overwritten) {
        if (overwritten.contains(node)) {
            throw GlossaException.internal("Cannot run plan: " + group + " needs " + node
                    + " after it was overwritten, expected every use to come before");
        }
    }
}
