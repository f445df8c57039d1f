package io.glossa.trainer.fuse;

import io.glossa.trainer.ir.Node;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** Looks for the loop that passes over the same values anyway. */
final class SharedReads {
    private SharedReads() {}

    /**
     * The group that reads most bytes of what another one does, if that is half of them at least.
     *
     * @param elements of the other's loop; smaller values are read at no cost beside it
     * @param mayHold whether the other can be computed in a group
     * @param shares whether a group reads a value as the other does
     */
    static Optional<Group> host(
            Group other, long elements, List<Group> groups, Predicate<Group> mayHold, BiPredicate<Group, Node> shares) {
        List<Node> read = other.reads().stream()
                .filter(node -> node.shape().size() >= elements)
                .toList();
        Group best = null;
        long most = Math.max(1, (bytes(read) + 1) / 2);
        for (Group group : groups) {
            if (mayHold.test(group)) {
                long shared = bytes(
                        read.stream().filter(node -> shares.test(group, node)).toList());
                if (shared >= most) {
                    best = group;
                    most = shared + 1;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    private static long bytes(List<Node> nodes) {
        return nodes.stream().mapToLong(node -> node.type().bytes()).sum();
    }
}
