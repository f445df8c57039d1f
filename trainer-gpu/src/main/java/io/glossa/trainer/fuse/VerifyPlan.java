package io.glossa.trainer.fuse;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Proves of a plan that every value is read after it is written and before its memory is written again. */
public final class VerifyPlan {
    private VerifyPlan() {}

    /** Runs the plan over symbolic memory: each place remembers which node it holds. */
    public static ArenaPlan check(Schedule schedule, ArenaPlan plan) {
        Map<Node, Long> written = new HashMap<>();
        Set<Node> overwritten = new HashSet<>();
        for (Group group : schedule.order()) {
            for (Node node : group.reads()) {
                if (overwritten.contains(node)) {
                    throw GlossaException.internal("Cannot run plan: " + group + " reads " + node
                            + " after it was overwritten, expected every read to come before");
                }
            }
            for (Node node : group.stored()) {
                Node taken = schedule.inPlace().get(node);
                if (taken != null) {
                    overwritten.add(taken);
                    continue;
                }
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
        }
        return plan;
    }
}
