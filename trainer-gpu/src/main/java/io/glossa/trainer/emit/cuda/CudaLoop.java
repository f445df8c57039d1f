package io.glossa.trainer.emit.cuda;

import io.glossa.trainer.emit.CppText;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.emit.Scopes;
import io.glossa.trainer.emit.Stages;
import io.glossa.trainer.fuse.Access;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A LOOP group as a grid. Without reductions every thread takes one vector of columns. With them a row belongs to some
 * neighbouring threads, which pass over its columns once per stage and add up in an order that depends on the columns alone.
 */
final class CudaLoop {
    private static final int THREADS = 256;
    private static final int WARP = 32;

    /** Columns from which on a row takes more threads than a warp, and a whole block of this kind. */
    private static final int LONG_ROW = 2048;

    private final Group group;
    private final Scopes scopes = new Scopes();
    private final Vectors values;
    private final Stages stages;
    private final Access element;
    private final int threadsPerRow;

    CudaLoop(Group group, Map<Node, Node> inPlace) {
        this.group = group;
        values = new Vectors(group, inPlace, scopes, 3);
        stages = new Stages(group);
        element = Access.of(group.row().times(group.columns()).plus(values.column(1)));
        threadsPerRow = group.columns() < LONG_ROW ? WARP : THREADS;
    }

    Kernel kernel() {
        String body = stages.hasReductions() ? rows() : vectors();
        long work = stages.hasReductions() ? group.rows() * threadsPerRow : group.rows() * values.steps();
        GpuKernel.Launch launch =
                new GpuKernel.Launch(TextKernel.FUNCTION, (work + THREADS - 1) / THREADS, 1, 1, THREADS, 0);
        return TextKernel.of(group, body, values.arguments(), launch);
    }

    private String vectors() {
        String integer = values.integer();
        String all = values.number(group.rows() * values.steps());
        String steps = values.number(values.steps());
        scopes.enter();
        stages.perRow(0).forEach(node -> storePerRow(node, "t"));
        scopes.enter();
        vector(List.of(), stages.full(0), Map.of());
        String vector = scopes.leave();
        String row = scopes.leave();
        String setup = scopes.leave();
        return values.prologue() + setup + """
                    const %1$s i = (%1$s)blockIdx.x * %2$d + threadIdx.x;
                    if (i >= %3$s) {
                        return;
                    }
                    const %1$s r = i / %4$s, t = i - r * %4$s;
                """.formatted(integer, THREADS, all, steps) + row + vector;
    }

    private String rows() {
        scopes.enter();
        for (int stage = 0; stage <= stages.last() + 1; stage++) {
            stages.perRow(stage).forEach(node -> storePerRow(node, "lane"));
            if (stage <= stages.last()) {
                pass(stages.reductions(stage), stages.full(stage));
            }
        }
        String row = scopes.leave();
        String rows = values.number(group.rows());
        String setup = scopes.leave();
        return values.prologue()
                + setup
                + """
                    const int lane = threadIdx.x %% %1$d;
                    const %2$s r = (%2$s)blockIdx.x * %3$d + threadIdx.x / %1$d;
                    if (r >= %4$s) {
                        return;
                    }
                """.formatted(threadsPerRow, values.integer(), THREADS / threadsPerRow, rows)
                + row;
    }

    /** One loop over the columns of a row. */
    private void pass(List<Node> reductions, List<Node> stores) {
        if (reductions.isEmpty() && stores.isEmpty()) {
            return;
        }
        Map<Node, String> totals = new HashMap<>();
        for (Node node : reductions) {
            totals.put(node, scopes.name("s"));
            scopes.line(1, register(node) + " " + totals.get(node) + " = " + start(node) + ";");
        }
        scopes.enter();
        vector(reductions, stores, totals);
        String body = scopes.leave();
        scopes.line(
                1,
                "for (" + values.integer() + " t = lane; t < " + values.number(values.steps()) + "; t += "
                        + threadsPerRow + ") {");
        scopes.block(1, body);
        scopes.line(1, "}");
        stores.forEach(values::wrote);
        for (Node node : reductions) {
            String total = totals.get(node);
            String how = node.op() == Op.SUM ? "GlSum" : "GlMax";
            scopes.line(1, total + " = gl_reduce<" + how + ", " + threadsPerRow + ">(" + total + ");");
            values.settled(node, total);
            if (group.stored().contains(node)) {
                storePerRow(node, total, "lane");
            }
        }
    }

    /** The elements of one vector of columns. */
    private void vector(List<Node> reductions, List<Node> stores, Map<Node, String> totals) {
        Map<Node, String> results = new HashMap<>();
        for (Node node : stores) {
            results.put(node, scopes.name("y"));
            scopes.line(2, register(node) + " " + results.get(node) + "[" + values.width() + "];");
        }
        scopes.enter();
        for (Node node : reductions) {
            String value = value(node.input(0));
            String total = totals.get(node);
            String how = node.op() == Op.SUM ? "GlSum" : "GlMax";
            scopes.line(3, total + " = " + how + "::of(" + total + ", " + value + ");");
        }
        for (Node node : stores) {
            scopes.line(3, results.get(node) + "[v] = " + value(node) + ";");
        }
        String body = scopes.leave();
        scopes.line(2, "#pragma unroll");
        scopes.line(2, "for (int v = 0; v < " + values.width() + "; ++v) {");
        scopes.block(2, body);
        scopes.line(2, "}");
        String place = values.cpp(group.row()
                .times(group.columns())
                .plus(values.column(1).plus(values.element().times(-1))));
        for (Node node : stores) {
            scopes.line(
                    2,
                    "gl_store<" + values.width() + ">(" + values.pointer(node) + " + (" + place + "), "
                            + results.get(node) + ");");
        }
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

    private static String start(Node node) {
        return node.op() == Op.SUM ? "0" : CppText.lowest(node);
    }
}
