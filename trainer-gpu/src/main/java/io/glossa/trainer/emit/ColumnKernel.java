package io.glossa.trainer.emit;

import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A COLUMN group: threads take tiles of columns, and add up one line after the other, so that memory is read in order
 * and a sum does not depend on the number of threads.
 */
final class ColumnKernel {
    private static final int NARROW = 64;

    /** For long lines, whose tiles would else be far apart in memory. */
    private static final int WIDE = 512;

    private final Group group;
    private final Scopes scopes = new Scopes();
    private final Expressions values;

    ColumnKernel(Group group) {
        this.group = group;
        this.values = new Expressions(group, Map.of(), scopes, 3);
    }

    List<Argument> arguments() {
        return values.arguments();
    }

    /** The function's body. */
    String body() {
        Node root = group.root();
        String type = CppText.register(root.type().dtype());
        scopes.enter();
        scopes.enter();
        scopes.enter();
        String value = values.value(root.input(0), group.reducedAccess()).text();
        scopes.line(
                3,
                root.op() == Op.SUM
                        ? "t[c - c0] += " + value + ";"
                        : "t[c - c0] = t[c - c0] < " + value + " ? " + value + " : t[c - c0];");
        String column = scopes.leave();
        String line = scopes.leave();
        String row = scopes.leave();
        int tile = group.columns() >= 16 * WIDE ? WIDE : NARROW;
        String rows = values.number(group.rows());
        String length = values.number(group.length());
        String columns = values.number(group.columns());
        String all = values.number(group.rows() * group.length() * group.columns());
        String out = values.pointer(root);
        String start = root.op() == Op.SUM ? "0" : CppText.lowest(root);
        String setup = scopes.leave();
        return values.prologue()
                + setup
                + String.format(
                        Locale.ROOT, """
                    const int64_t tiles = (%1$s + %2$d - 1) / %2$d;
                    #pragma omp parallel for collapse(2) schedule(static) if (%3$s >= 8192)
                    for (int64_t r = 0; r < %4$s; ++r) {
                    for (int64_t tile = 0; tile < tiles; ++tile) {
                        const int64_t c0 = tile * %2$d;
                        const int64_t c1 = c0 + %2$d < %1$s ? c0 + %2$d : %1$s;
                        alignas(64) %5$s t[%2$d];
                        for (int c = 0; c < %2$d; ++c) {
                            t[c] = %6$s;
                        }
                %7$s        for (int64_t k = 0; k < %8$s; ++k) {
                %9$s            #pragma omp simd
                            for (int64_t c = c0; c < c1; ++c) {
                %10$s            }
                        }
                        for (int64_t c = c0; c < c1; ++c) {
                            %11$s[r * %1$s + c] = t[c - c0];
                        }
                    }
                    }
                """, columns, tile, all, rows, type, start, row, length, line, column, out);
    }
}
