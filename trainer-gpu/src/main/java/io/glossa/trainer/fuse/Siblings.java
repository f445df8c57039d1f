package io.glossa.trainer.fuse;

import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Joins loops over the same rows and columns that read the same large values and can run at once, so that these are read
 * once: what the backward part computes again for a product joins the kernel that makes a gradient of the same values.
 */
final class Siblings {
    private final List<Group> groups;
    private final Set<Node> backward;
    private final Set<Node> updates;
    private final Repetitions repetitions;
    private final Hardware hardware;

    private Siblings(
            List<Group> groups, Set<Node> backward, Set<Node> updates, Repetitions repetitions, Hardware hardware) {
        this.groups = groups;
        this.backward = backward;
        this.updates = updates;
        this.repetitions = repetitions;
        this.hardware = hardware;
    }

    /**
     * Removes the groups that found a place in another.
     *
     * @param backward what depends on kept values
     * @param updates what may be written over its old value
     */
    static void join(
            List<Group> groups,
            Set<Node> backward,
            Collection<Node> updates,
            Repetitions repetitions,
            Hardware hardware) {
        Set<Node> values = updates.stream().map(Fuse::base).collect(Collectors.toSet());
        new Siblings(groups, backward, values, repetitions, hardware).join();
    }

    private void join() {
        for (Group group : List.copyOf(groups)) {
            if (group.kind() == Group.Kind.LOOP && group.rows() > 1 && isPlain(group) && !updates(group)) {
                SharedReads.host(
                                group,
                                group.rows() * group.columns(),
                                groups,
                                host -> mayHold(host, group),
                                (host, node) -> host.accesses(node).equals(group.accesses(node)))
                        .ifPresent(host -> move(group, host));
            }
        }
    }

    private void move(Group group, Group host) {
        host.absorbLoop(group);
        host.takePlaceOf(group, groups);
    }

    /** Whether each of its results has an element for each row and column. */
    private static boolean isPlain(Group group) {
        return group.members().stream().noneMatch(node -> node.kind() == Op.Kind.REDUCTION)
                && group.stored().stream().allMatch(node -> node.shape().size() >= group.rows() * group.columns());
    }

    /** What is computed again from what was computed again waits until it is needed, so that memory holds one of them at a time. */
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
                && group.needs().stream()
                        .noneMatch(need -> need == host ? repetitions.areAll(host.stored()) : need.reaches(host));
    }

    /** Whether threads have registers for all that both compute. */
    private boolean hasRoom(Group host, Group group) {
        long operations = Stream.concat(
                        host.members().stream(), group.members().stream().filter(node -> !host.computes(node)))
                .filter(node -> !Fuse.isFree(node))
                .count();
        return operations <= hardware.mostOperations();
    }

    /** What is computed again in the backward part would else be kept from the forward part on. */
    private boolean isBackward(Group group) {
        return !Collections.disjoint(group.stored(), backward);
    }

    /** Whether it may write over what it updates, which a larger loop may not. */
    private boolean updates(Group group) {
        return !Collections.disjoint(group.stored(), updates);
    }
}
