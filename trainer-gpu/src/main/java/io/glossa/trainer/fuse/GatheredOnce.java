package io.glossa.trainer.fuse;

import io.glossa.trainer.ir.Gathered;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.lower.Rewrite;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Leaves parameters whole that would be gathered again before those of another layer are needed, as of a head whose backward part
 * follows its forward part, and of the last block: memory would hold them twice.
 */
public final class GatheredOnce {
    private GatheredOnce() {}

    /**
     * The graph with one gather where two of a parameter follow each other; this very graph where none do.
     *
     * @param order of its groups
     */
    public static Graph apply(Graph graph, List<Group> order) {
        Map<Node, Node> kept = new HashMap<>();
        List<Node> whole = new ArrayList<>();
        for (Group group : order) {
            if (group.isFetch()) {
                Node gathered = group.root();
                whole.removeIf(earlier -> !layer(earlier).equals(layer(gathered)));
                whole.stream()
                        .filter(earlier -> isSame(earlier, gathered))
                        .findFirst()
                        .ifPresentOrElse(earlier -> kept.put(gathered, earlier), () -> whole.add(gathered));
            }
        }
        return kept.isEmpty() ? graph : Rewrite.with(graph, kept);
    }

    private static String layer(Node gathered) {
        return Gathered.layer(Gathered.parameter(gathered));
    }

    private static boolean isSame(Node earlier, Node later) {
        return Gathered.parameter(earlier).equals(Gathered.parameter(later))
                && earlier.type().equals(later.type());
    }
}
