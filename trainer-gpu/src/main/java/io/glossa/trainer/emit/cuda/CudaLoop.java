package io.glossa.trainer.emit.cuda;

import io.glossa.trainer.emit.CppText;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.emit.Scopes;
import io.glossa.trainer.emit.Stages;
import io.glossa.trainer.fuse.Access;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.fuse.Index;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A LOOP group as a grid. Without reductions every thread takes one vector of columns. With them a row belongs to some
 * neighbouring threads, which pass over its columns once per stage and add up in an order that depends on the columns alone.
 * With sums over lines a block takes the lines of one sum, row after row, and its threads keep to their columns.
 */
final class CudaLoop {
    private static final int THREADS = 256;
    private static final int WARP = 32;

    /** Columns from which on a row takes more threads than a warp, and a whole block of this kind. */
    private static final int LONG_ROW = 2048;

    /** Threads of a row whose columns are summed over lines. */
    private static final int MOST_ACROSS = 512;

    private final Group group;
    private final Scopes scopes = new Scopes();
    private final Vectors values;
    private final Stages stages;
    private final Access element;
    private final Map<Node, String> lineSums = new HashMap<>();
    private final int threadsPerRow;
    private final int threads;

    CudaLoop(Group group, Map<Node, Node> inPlace) {
        this.group = group;
        values = new Vectors(group, inPlace, scopes, 3);
        stages = new Stages(group);
        element = Access.of(group.row().times(group.columns()).plus(values.column(1)));
        if (group.columnSums().isEmpty()) {
            threadsPerRow = group.columns() < LONG_ROW ? WARP : THREADS;
            threads = THREADS;
        } else {
            int across = (int) Math.min(MOST_ACROSS, Long.highestOneBit(Math.max(1, 2 * values.steps() - 1)));
            threadsPerRow = stages.hasReductions() ? Math.max(WARP, across) : across;
            // The threads of a row must meet at its reductions: in a warp, or in a block of their own.
            threads = threadsPerRow > WARP && stages.hasReductions() ? threadsPerRow : Math.max(THREADS, threadsPerRow);
        }
    }

    Kernel kernel() {
        String body = !group.columnSums().isEmpty() ? lines() : stages.hasReductions() ? rows() : vectors();
        long work = stages.hasReductions() ? group.rows() * threadsPerRow : group.rows() * values.steps();
        long blocks = group.columnSums().isEmpty()
                ? GpuKernel.blocks(work, threads)
                : GpuKernel.blocks(group.rows(), group.length());
        GpuKernel.Launch launch = new GpuKernel.Launch(Kernel.UNNAMED, blocks, 1, 1, threads, 0);
        return TextKernel.of(group, body, values.arguments(), launch);
    }

    private String vectors() {
        String integer = values.integer();
        String all = values.number(group.rows() * values.steps());
        String steps = values.number(values.steps());
        scopes.enter();
        stages.perRow(0).forEach(node -> storePerRow(node, "t"));
        scopes.enter();
        vector(0, Map.of());
        String vector = scopes.leave();
        String row = scopes.leave();
        String setup = scopes.leave();
        return values.prologue() + setup + String.format(Locale.ROOT, """
                    const %1$s i = (%1$s)block * %2$d + threadIdx.x;
                    if (i >= %3$s) {
                        return;
                    }
                    const %1$s r = i / %4$s, t = i - r * %4$s;
                """, integer, threads, all, steps) + row + vector;
    }

    private String rows() {
        String row = row();
        String rows = values.number(group.rows());
        String setup = scopes.leave();
        return values.prologue()
                + setup
                + String.format(Locale.ROOT, """
                    const int lane = threadIdx.x %% %1$d;
                    const %2$s r = (%2$s)block * %3$d + threadIdx.x / %1$d;
                    if (r >= %4$s) {
                        return;
                    }
                """, threadsPerRow, values.integer(), threads / threadsPerRow, rows)
                + row;
    }

    private String lines() {
        StringBuilder start = new StringBuilder();
        StringBuilder end = new StringBuilder();
        int width = values.width();
        String columns = values.number(group.columns());
        for (Node node : group.columnSums()) {
            String name = scopes.name("z");
            lineSums.put(node, name);
            start.append(String.format(Locale.ROOT, "    %s %s[%d][%d];\n", register(node), name, passes(), width));
            start.append(String.format(Locale.ROOT, "    gl_fill(%s, (%s)%s);\n", name, register(node), start(node)));
            end.append(String.format(
                    Locale.ROOT,
                    "        gl_reduce_lines<%s, %d, %d>(%s[j]);\n",
                    how(node),
                    threadsPerRow,
                    threads / threadsPerRow,
                    name));
            end.append(String.format(
                    Locale.ROOT,
                    "        if (threadIdx.x < %d && %s) { gl_store<%d>(%s + (block * %s + t * %d), %s[j]); }\n",
                    threadsPerRow,
                    inside(),
                    width,
                    values.pointer(node),
                    columns,
                    width,
                    name));
        }
        int step = threads / threadsPerRow;
        NextRow next = new NextRow();
        values.note(next, step);
        String row = row();
        String length = values.number(group.length());
        String rows = "(" + values.integer() + ")block * " + length;
        boolean even = group.rows() % group.length() == 0;
        String lines = even ? length : "lines";
        String last = even ? "" : lastLines(values.number(group.rows()) + " - " + rows, length);
        String setup = scopes.leave();
        return values.prologue() + setup
                + String.format(Locale.ROOT, "    const int lane = threadIdx.x %% %d;\n", threadsPerRow)
                + start
                + last
                + String.format(Locale.ROOT, """
                    for (int k = threadIdx.x / %d; k < %s; k += %d) {
                        const %s r = %s + k;
                """, threadsPerRow, lines, step, values.integer(), rows)
                + next.asked("k + " + step + " < " + lines, passes(), threadsPerRow, inside())
                + row
                + String.format(
                        Locale.ROOT,
                        "    }\n    #pragma unroll\n    for (int j = 0; j < %d; ++j) {\n        const int t = lane + j * %d;\n",
                        passes(),
                        threadsPerRow)
                + end
                + "    }\n";
    }

    /** The lines of a block: the last one has what is left. */
    private static String lastLines(String left, String length) {
        return String.format(Locale.ROOT, "    const int lines = (int)(%1$s < %2$s ? %1$s : %2$s);\n", left, length);
    }

    /** Vectors that each thread of a row takes. */
    private long passes() {
        return GpuKernel.blocks(values.steps(), threadsPerRow);
    }

    /** Whether vector t is one of the row. */
    private String inside() {
        return values.steps() % threadsPerRow == 0 ? "true" : "t < " + values.number(values.steps());
    }

    /** The passes over one row. */
    private String row() {
        scopes.enter();
        for (int stage = 0; stage <= stages.last() + 1; stage++) {
            stages.perRow(stage).forEach(node -> storePerRow(node, "lane"));
            if (stage <= stages.last()) {
                pass(stage);
            }
        }
        return scopes.leave();
    }

    /** One loop over the columns of a row. */
    private void pass(int stage) {
        List<Node> reductions = stages.reductions(stage);
        if (reductions.isEmpty()
                && stages.full(stage).isEmpty()
                && stages.columnSums(stage).isEmpty()) {
            return;
        }
        Map<Node, String> totals = new HashMap<>();
        for (Node node : reductions) {
            totals.put(node, scopes.name("s"));
            scopes.line(1, register(node) + " " + totals.get(node) + " = " + start(node) + ";");
        }
        scopes.enter();
        vector(stage, totals);
        String body = scopes.leave();
        String steps = values.number(values.steps());
        if (lineSums.isEmpty()) {
            scopes.line(
                    1,
                    String.format(
                            Locale.ROOT,
                            "for (%s t = lane; t < %s; t += %d) {",
                            values.integer(),
                            steps,
                            threadsPerRow));
            scopes.block(1, body);
            scopes.line(1, "}");
        } else {
            scopes.line(1, "#pragma unroll");
            scopes.line(1, "for (int j = 0; j < " + passes() + "; ++j) {");
            scopes.line(1, "const int t = lane + j * " + threadsPerRow + ";");
            scopes.line(1, "if (" + inside() + ") {");
            scopes.block(1, body);
            scopes.line(1, "}");
            scopes.line(1, "}");
        }
        stages.full(stage).forEach(values::wrote);
        if (!stages.full(stage).isEmpty() && !reductions.isEmpty() && threadsPerRow == WARP) {
            // Later stages may read what other lanes wrote; in a block the reduction waits for all.
            scopes.line(1, "__syncwarp();");
        }
        for (Node node : reductions) {
            String total = totals.get(node);
            scopes.line(1, total + " = gl_reduce<" + how(node) + ", " + threadsPerRow + ">(" + total + ");");
            values.settled(node, total);
            if (group.stored().contains(node)) {
                storePerRow(node, total, "lane");
            }
        }
    }

    /** The elements of one vector of columns. */
    private void vector(int stage, Map<Node, String> totals) {
        Map<Result, String> results = new LinkedHashMap<>();
        for (Node node : stages.full(stage)) {
            for (Index start : group.starts(node)) {
                String name = scopes.name("y");
                results.put(new Result(node, start), name);
                scopes.line(2, register(node) + " " + name + "[" + values.width() + "];");
            }
        }
        scopes.enter();
        for (Node node : stages.reductions(stage)) {
            add(node, totals.get(node));
        }
        for (Node node : stages.columnSums(stage)) {
            add(node, lineSums.get(node) + "[j][v]");
        }
        results.forEach((result, name) -> scopes.line(3, name + "[v] = " + value(result) + ";"));
        String body = scopes.leave();
        scopes.line(2, "#pragma unroll");
        scopes.line(2, "for (int v = 0; v < " + values.width() + "; ++v) {");
        scopes.block(2, body);
        scopes.line(2, "}");
        Index first = values.column(1).plus(values.element().times(-1));
        results.forEach((result, name) -> scopes.line(
                2,
                "gl_store<" + values.width() + ">(" + values.pointer(result.node()) + " + ("
                        + values.cpp(result.start().plus(first)) + "), " + name + ");"));
    }

    /** A value that is stored, and where its row begins. */
    private record Result(Node node, Index start) {}

    private String value(Result result) {
        return values.value(result.node(), Access.of(result.start().plus(values.column(1))))
                .text();
    }

    private void add(Node reduction, String total) {
        String value = value(reduction.input(0));
        scopes.line(3, total + " = " + how(reduction) + "::of(" + total + ", " + value + ");");
    }

    private String value(Node node) {
        return values.value(node, element).text();
    }

    private void storePerRow(Node node, String first) {
        storePerRow(node, values.value(node, group.perRow()).text(), first);
    }

    /** By the first of the threads that know it. */
    private void storePerRow(Node node, String value, String first) {
        scopes.line(1, "if (" + first + " == 0) { gl_put(" + values.pointer(node) + " + r, " + value + "); }");
    }

    private static String register(Node node) {
        return CppText.register(node.type().dtype());
    }

    /** Where a reduction starts. */
    static String start(Node node) {
        return node.op() == Op.SUM ? "0" : CppText.lowest(node);
    }

    /** The struct that adds one more value to a reduction. */
    static String how(Node node) {
        return node.op() == Op.SUM ? "GlSum" : "GlMax";
    }
}
