package io.glossa.trainer.emit.cuda;

import io.glossa.trainer.emit.CppText;
import io.glossa.trainer.emit.Expressions;
import io.glossa.trainer.emit.Scopes;
import io.glossa.trainer.emit.Scopes.Value;
import io.glossa.trainer.fuse.Access;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.fuse.Index;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Node;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The values of a kernel whose threads take a few neighbouring columns at a time. Column c is element v of vector t,
 * c = t · width + v; what lies side by side in memory at an address that is a multiple of its size is read at once, before
 * the loop over v. The loop over v is unrolled, so that arrays over it are registers.
 */
final class Vectors extends Expressions {
    private static final int MOST = 8;

    /** Operations on elements that a thread has registers for at once. */
    private static final int OPERATIONS = 8 * 48;

    /** Values in memory from which on a thread takes one element of each. */
    private static final int MANY_VALUES = 24;

    /** Positions that 32 bits count, and those of a block's threads behind the last one. */
    private static final long MOST_POSITIONS = Integer.MAX_VALUE - 1024L;

    private final Group group;
    private final Scopes scopes;
    private final int width;
    private final Index element;
    private final boolean small;
    private final int levels;
    private NextRow next;
    private int ahead;

    /** @param levels loops around the one over v: where its body stands in the scopes */
    Vectors(Group group, Map<Node, Node> inPlace, Scopes scopes, int levels) {
        super(group, inPlace, scopes, levels);
        this.group = group;
        this.scopes = scopes;
        this.levels = levels;
        this.width = width(group);
        this.element = Index.variable("v", levels - 1, width);
        this.small = isSmall(group);
    }

    /** Elements that a thread takes at once: a divisor of the columns, up to 16 bytes of the narrowest type. */
    private static int width(Group group) {
        boolean narrow = touched(group).anyMatch(node -> node.type().dtype() == DType.BF16);
        int width = narrow ? MOST : MOST / 2;
        while (width > 1 && width * group.members().size() > OPERATIONS) {
            width /= 2;
        }
        width = touched(group).count() < MANY_VALUES ? width : 1;
        while (group.columns() % width != 0) {
            width /= 2;
        }
        return width;
    }

    /** Whether every position fits 32 bits, also those in what is computed on the way. */
    private static boolean isSmall(Group group) {
        long lines = group.kind() == Group.Kind.COLUMN ? group.length() : 1;
        return group.rows() * lines * group.columns() < MOST_POSITIONS
                && Stream.concat(touched(group), group.members().stream())
                        .allMatch(node -> node.shape().size() < MOST_POSITIONS);
    }

    private static Stream<Node> touched(Group group) {
        return Stream.concat(group.reads().stream(), group.stored().stream());
    }

    /**
     * From now on takes note of what rows read.
     *
     * @param rows how many rows further the next one is
     */
    void note(NextRow row, int rows) {
        next = row;
        ahead = rows;
    }

    int width() {
        return width;
    }

    /** Vectors in a line. */
    long steps() {
        return group.columns() / width;
    }

    Index element() {
        return element;
    }

    /** Column c, as vector t at this depth and element v of it. */
    Index column(int depth) {
        return Index.variable("t", depth, steps()).times(width).plus(element);
    }

    /** Extents of the model are known when a kernel is compiled; those of the batch are not. */
    @Override
    protected boolean isLiteral(long value) {
        return super.isLiteral(value) || value > 0 && group.columns() % value == 0;
    }

    @Override
    public String integer() {
        return small ? "int" : "int64_t";
    }

    @Override
    protected Value load(Node node, Access access) {
        Index at = access.at();
        int own = level(node, at);
        Value guard = access.guards().isEmpty() ? null : guard(access.guards());
        int level = Math.max(own, guard == null ? 0 : guard.level());
        boolean beside = at.stride(element).orElse(0) == 1;
        if (width > 1 && beside && own == levels && (guard == null || guard.level() < levels)) {
            Index start = at.plus(element.times(-1));
            int level0 = Math.max(level(node, start), guard == null ? 0 : guard.level());
            if (start.isMultipleOf(width)) {
                return new Value(vector(node, start, guard, level0) + "[v]", levels);
            }
        }
        String value = CppText.load(node.type().dtype(), pointer(node) + "[" + cpp(at) + "]");
        return declare(node, access, level, guard == null ? value : guard.text() + " ? " + value + " : 0");
    }

    /** An array over v of what lies side by side from a position on; zeros where a guard fails. */
    private String vector(Node node, Index start, Value guard, int level) {
        Object key = List.of(node, start, guard == null ? "" : guard.text());
        Value known = scopes.known(key);
        if (known != null) {
            return known.text();
        }
        String name = scopes.name("x");
        String address = pointer(node) + " + (" + cpp(start) + ")";
        if (next != null && guard == null && level == levels - 1) {
            noteNext(node, start, address);
        }
        String load = "gl_load<" + width + ">(" + address + ", " + name + ");";
        scopes.line(
                level,
                CppText.register(node.type().dtype()) + " " + name + "[" + width + "]"
                        + (guard == null ? ";" : " = {};"));
        scopes.line(level, guard == null ? load : "if (" + guard.text() + ") { " + load + " }");
        scopes.know(key, new Value(name, level));
        return name;
    }

    /** Where each row reads a vector of its own, as far from the last one's, which is in memory before. */
    private void noteNext(Node node, Index start, String address) {
        long apart = start.stride(group.row()).orElse(0);
        if (apart != 0 && !group.stored().contains(node)) {
            next.reads(address + " + " + ahead + " * " + number(apart));
        }
    }
}
