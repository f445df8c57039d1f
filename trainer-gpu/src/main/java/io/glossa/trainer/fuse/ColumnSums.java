package io.glossa.trainer.fuse;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
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
                                lines(sum) * sum.columns(),
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
                && group.rows() == lines(sum)
                && GpuKernel.blocks(group.rows(), sum.length()) == sum.rows()
                && (group.columnSums().isEmpty() || group.length() == sum.length());
        return alike
                && !group.reaches(sum)
                && sum.needs().stream().noneMatch(need -> need != group && need.reaches(group));
    }

    /** The lines that a sum adds up: what fills its last part up adds nothing. */
    private static long lines(Group sum) {
        Node added = Fuse.base(sum.root().input(0));
        boolean filled = added.op() == Op.PAD
                && added.shape().rank() == 2
                && added.shape().dim(1) == sum.columns()
                && added.input(0).shape().dim(1) == sum.columns()
                && added.attr(Attr.Bounds.class).low().equals(List.of(0, 0));
        return (filled ? added.input(0) : added).shape().size() / sum.columns();
    }

    private void move(Group sum, Group host) {
        host.absorb(sum);
        host.takePlaceOf(sum, groups);
    }
}
