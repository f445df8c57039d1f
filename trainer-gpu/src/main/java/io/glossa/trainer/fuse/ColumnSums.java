package io.glossa.trainer.fuse;

import io.glossa.trainer.ir.GpuKernel;
import java.util.List;

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
                SharedReads.host(
                                sum,
                                ((sum.rows() - 1) * sum.length() + 1) * sum.columns(),
                                groups,
                                group -> mayHold(group, sum),
                                (group, node) -> !group.accesses(node).isEmpty())
                        .ifPresent(host -> move(sum, host));
            }
        }
    }

    private static boolean mayHold(Group group, Group sum) {
        boolean alike = group.kind() == Group.Kind.LOOP
                && group.columns() == sum.columns()
                && GpuKernel.blocks(group.rows(), sum.length()) == sum.rows()
                && (group.columnSums().isEmpty() || group.length() == sum.length());
        return alike
                && !group.reaches(sum)
                && sum.needs().stream().noneMatch(need -> need != group && need.reaches(group));
    }

    private void move(Group sum, Group host) {
        host.absorb(sum);
        host.takePlaceOf(sum, groups);
    }
}
