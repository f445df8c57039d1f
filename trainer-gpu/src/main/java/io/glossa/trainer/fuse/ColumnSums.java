package io.glossa.trainer.fuse;

import io.glossa.trainer.ir.Node;
import java.util.List;
import java.util.Optional;

/**
 * Moves sums over lines, such as the gradients of biases and gains, into kernels that pass over the same elements anyway:
 * what each of its threads meets of a column is added up on the way, and memory is read once instead of twice.
 */
final class ColumnSums {
    /** Columns from which on a row has work for neighbouring threads. */
    private static final int SHORTEST_LINE = 64;

    private final List<Group> groups;
    private final int longestLine;

    private ColumnSums(List<Group> groups, int longestLine) {
        this.groups = groups;
        this.longestLine = longestLine;
    }

    /** Removes the groups that found a place in another. */
    static void join(List<Group> groups, Hardware hardware) {
        new ColumnSums(groups, hardware.longestLine()).join();
    }

    private void join() {
        for (Group sum : List.copyOf(groups)) {
            if (sum.kind() == Group.Kind.COLUMN && sum.columns() >= SHORTEST_LINE && sum.columns() <= longestLine) {
                host(sum).ifPresent(host -> move(sum, host));
            }
        }
    }

    /** The group over the same rows and columns that reads most of what the sum reads, if that is half of it at least. */
    private Optional<Group> host(Group sum) {
        List<Node> read = sum.reads().stream()
                .filter(node -> node.shape().size() >= sum.rows() * sum.length() * sum.columns())
                .toList();
        Group best = null;
        long most = (bytes(read) + 1) / 2;
        for (Group group : groups) {
            if (mayHold(group, sum)) {
                long shared = bytes(read.stream()
                        .filter(node -> !group.accesses(node).isEmpty())
                        .toList());
                if (shared >= most && shared > 0) {
                    best = group;
                    most = shared + 1;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    private static boolean mayHold(Group group, Group sum) {
        boolean alike = group.kind() == Group.Kind.LOOP
                && group.columns() == sum.columns()
                && group.rows() == sum.rows() * sum.length()
                && (group.columnSums().isEmpty() || group.length() == sum.length());
        return alike
                && !group.reaches(sum)
                && sum.needs().stream().noneMatch(need -> need != group && need.reaches(group));
    }

    private void move(Group sum, Group host) {
        host.absorb(sum);
        host.takePlaceOf(sum, groups);
    }

    private static long bytes(List<Node> nodes) {
        return nodes.stream().mapToLong(node -> node.type().bytes()).sum();
    }
}
