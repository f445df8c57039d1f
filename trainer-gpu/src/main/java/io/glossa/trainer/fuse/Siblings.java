package io.glossa.trainer.fuse;

import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Joins loops over the same rows and columns that read the same large values and need nothing of each other, so that these are
 * read once: what the backward part computes again for a product joins the kernel that makes a gradient of the same values.
 */
final class Siblings {
    private final List<Group> groups;
    private final Hardware hardware;
    private final Set<Node> backward = new HashSet<>();
    private final Set<Node> updates = new HashSet<>();

    private Siblings(List<Group> groups, Graph graph, Hardware hardware) {
        this.groups = groups;
        this.hardware = hardware;
        for (Node node : graph.nodes()) {
            if (node.op() == Op.SAVED || node.inputs().stream().anyMatch(backward::contains)) {
                backward.add(node);
            }
        }
        graph.updates().values().forEach(update -> updates.add(Fuse.base(update)));
    }

    /** Removes the groups that found a place in another. */
    static void join(List<Group> groups, Graph graph, Hardware hardware) {
        new Siblings(groups, graph, hardware).join();
    }

    private void join() {
        for (Group group : List.copyOf(groups)) {
            if (group.kind() == Group.Kind.LOOP && group.rows() > 1 && isPlain(group) && !updates(group)) {
                host(group).ifPresent(host -> {
                    host.absorbLoop(group);
                    host.takePlaceOf(group, groups);
                });
            }
        }
    }

    /** Whether each of its results has an element for each row and column. */
    private static boolean isPlain(Group group) {
        return group.members().stream().noneMatch(node -> node.kind() == Op.Kind.REDUCTION)
                && group.stored().stream().allMatch(node -> node.shape().size() == group.rows() * group.columns());
    }

    /** The group that reads most of what this one does, if that is half of it at least. */
    private Optional<Group> host(Group group) {
        List<Node> read = large(group);
        Group best = null;
        long most = (bytes(read) + 1) / 2;
        for (Group host : groups) {
            if (mayHold(host, group)) {
                List<Node> shared = read.stream()
                        .filter(node -> host.accesses(node).equals(group.accesses(node)))
                        .toList();
                if (bytes(shared) >= most && !shared.isEmpty()) {
                    best = host;
                    most = bytes(shared) + 1;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    private boolean mayHold(Group host, Group group) {
        return host != group
                && host.kind() == Group.Kind.LOOP
                && host.rows() == group.rows()
                && host.columns() == group.columns()
                && hasRoom(host, group)
                && isBackward(host) == isBackward(group)
                && !updates(host)
                && host.agrees(group)
                && group.agrees(host)
                && !host.reaches(group)
                && group.needs().stream().noneMatch(need -> need != host && need.reaches(host));
    }

    /** Whether threads have registers for as many elements as now. */
    private boolean hasRoom(Group host, Group group) {
        int own = host.members().size();
        long more =
                group.members().stream().filter(node -> !host.computes(node)).count();
        int most = hardware.mostValues();
        return own + more <= (own <= most ? most : 2L * most);
    }

    private static List<Node> large(Group group) {
        return group.reads().stream()
                .filter(node -> node.shape().size() >= group.rows() * group.columns())
                .toList();
    }

    /** What is computed again in the backward part would else be kept from the forward part on. */
    private boolean isBackward(Group group) {
        return !Collections.disjoint(group.stored(), backward);
    }

    /** Whether it may write over what it updates, which a larger loop may not. */
    private boolean updates(Group group) {
        return !Collections.disjoint(group.stored(), updates);
    }

    private static long bytes(List<Node> nodes) {
        return nodes.stream().mapToLong(node -> node.type().bytes()).sum();
    }
}
