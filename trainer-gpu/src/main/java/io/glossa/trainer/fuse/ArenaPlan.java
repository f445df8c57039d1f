package io.glossa.trainer.fuse;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where each value of a run lies in one arena: values alive at the same time do not overlap.
 *
 * @param offsets bytes from the arena's start, by node
 * @param lives when each value is needed
 * @param bytes size of the arena, known before anything runs
 */
public record ArenaPlan(Map<Node, Long> offsets, List<Life> lives, long bytes) {
    /** A node's memory from the first to the last step that touches it. */
    public record Life(Node node, int first, int last, long bytes) {
        boolean meets(Life other) {
            return first <= other.last && other.first <= last;
        }
    }

    /** @param alignment bytes whose multiples values begin at */
    public static ArenaPlan of(Graph graph, Schedule schedule, int alignment) {
        List<Life> lives = lives(graph, schedule, alignment);
        lives.sort(Comparator.comparingLong(Life::bytes)
                .reversed()
                .thenComparingInt(life -> life.node().id()));
        Map<Node, Long> offsets = new LinkedHashMap<>();
        List<Placed> byOffset = new ArrayList<>();
        long size = 0;
        for (Life life : lives) {
            long at = 0;
            for (Placed other : byOffset) {
                if (other.life().meets(life)) {
                    if (other.offset() >= at + life.bytes()) {
                        break;
                    }
                    at = Math.max(at, other.offset() + other.life().bytes());
                }
            }
            int index =
                    Collections.binarySearch(byOffset, new Placed(life, at), Comparator.comparingLong(Placed::offset));
            byOffset.add(index < 0 ? -index - 1 : index, new Placed(life, at));
            offsets.put(life.node(), at);
            size = Math.max(size, at + life.bytes());
        }
        return new ArenaPlan(offsets, List.copyOf(lives), size);
    }

    private record Placed(Life life, long offset) {}

    /** The values in memory when there are most bytes of them. */
    public Set<Node> atPeak() {
        return alive(peak()).map(Life::node).collect(Collectors.toSet());
    }

    /** The first place in the order with most bytes in memory. */
    public int peak() {
        int peak = 0;
        long most = -1;
        for (Life start : lives) {
            long bytes = alive(start.first()).mapToLong(Life::bytes).sum();
            if (bytes > most || bytes == most && start.first() < peak) {
                most = bytes;
                peak = start.first();
            }
        }
        return peak;
    }

    private Stream<Life> alive(int at) {
        return lives.stream().filter(life -> life.first() <= at && at <= life.last());
    }

    private static List<Life> lives(Graph graph, Schedule schedule, int alignment) {
        Map<Node, Integer> last = new HashMap<>();
        int end = schedule.steps().size();
        Collectives collectives = schedule.collectives();
        for (int i = 0; i < end; i++) {
            for (Group group : schedule.steps().get(i)) {
                int until = group.isCollective() ? collectives.last(group) : i;
                group.reads().forEach(node -> last.merge(node, until, Math::max));
                group.stored().forEach(node -> last.merge(node, until, Math::max));
            }
        }
        graph.roots().forEach(root -> last.put(Fuse.base(root), end));
        List<Life> lives = new ArrayList<>();
        for (Node node : graph.inputs()) {
            if (node.attr(Attr.Input.class).role() == Attr.Role.BATCH) {
                lives.add(life(node, -1, last.getOrDefault(node, -1), alignment));
            }
        }
        for (int i = 0; i < end; i++) {
            for (Group group : schedule.steps().get(i)) {
                for (Node node : group.stored()) {
                    if (node.op() != Op.INPUT && !schedule.inPlace().containsKey(node)) {
                        lives.add(life(node, i, last.get(node), alignment));
                    }
                }
            }
        }
        return lives;
    }

    private static Life life(Node node, int first, int last, int alignment) {
        long bytes = (node.type().bytes() + alignment - 1) / alignment * alignment;
        return new Life(node, first, last, bytes);
    }
}
