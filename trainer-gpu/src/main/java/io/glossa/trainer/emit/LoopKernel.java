package io.glossa.trainer.emit;

import io.glossa.trainer.emit.Scopes.Value;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A LOOP group as a parallel loop over rows. In each row one loop over the columns per stage: reductions of a stage need
 * those of the stages before; a value that is dear and needed by several stages is kept in a row of scratch memory.
 */
final class LoopKernel {
    private static final int LONGEST_SCRATCH = 16384;

    private final Group group;
    private final Scopes scopes = new Scopes();
    private final Expressions values;
    private final Map<Node, Integer> stages = new HashMap<>();
    private boolean parallelColumns;

    LoopKernel(Group group, Map<Node, Node> inPlace) {
        this.group = group;
        this.values = new Expressions(group, inPlace, scopes, 2);
    }

    List<Argument> arguments() {
        return values.arguments();
    }

    /** The function's body. */
    String body() {
        List<Node> reductions = new ArrayList<>();
        List<Node> full = new ArrayList<>();
        List<Node> perRow = new ArrayList<>();
        for (Node node : group.members()) {
            if (node.kind() == Op.Kind.REDUCTION && group.once(node) == node) {
                reductions.add(node);
            }
        }
        for (Node node : group.stored()) {
            if (node.kind() != Op.Kind.REDUCTION) {
                (isFull(node) ? full : perRow).add(node);
            }
        }
        int last = 0;
        for (Node node : reductions) {
            last = Math.max(last, stage(node));
        }
        for (Node node : full) {
            last = Math.max(last, stage(node));
        }
        Map<Node, Integer> scratch = scratch(reductions, full);
        // A single long row without reductions is cut between threads along its columns.
        parallelColumns = group.rows() == 1 && reductions.isEmpty();
        scopes.enter();
        for (int stage = 0; stage <= last + 1; stage++) {
            int now = stage;
            for (Node node : perRow) {
                if (stage(node) == now) {
                    storePerRow(node);
                }
            }
            if (stage <= last) {
                columns(
                        reductions.stream().filter(n -> stage(n) == now).toList(),
                        full.stream().filter(n -> stage(n) == now).toList(),
                        scratch.keySet().stream()
                                .filter(n -> scratch.get(n) == now)
                                .sorted(byId())
                                .toList());
            }
        }
        String row = scopes.leave();
        String rows = values.number(group.rows());
        String all = values.number(group.rows() * group.columns());
        String parallel =
                parallelColumns ? "" : "    #pragma omp parallel for schedule(static) if (" + all + " >= 8192)\n";
        String setup = scopes.leave();
        return values.prologue() + setup + parallel + "    for (int64_t r = 0; r < " + rows + "; ++r) {\n" + row
                + "    }\n";
    }

    private void columns(List<Node> reductions, List<Node> stores, List<Node> scratch) {
        if (reductions.isEmpty() && stores.isEmpty()) {
            return;
        }
        String extent = values.number(group.columns());
        StringBuilder clause = new StringBuilder();
        Map<Node, String> totals = new HashMap<>();
        for (Node node : reductions) {
            boolean sum = node.op() == Op.SUM;
            String name = scopes.name("s");
            totals.put(node, name);
            String type = CppText.register(node.type().dtype());
            scopes.line(1, type + " " + name + " = " + (sum ? "0" : lowest(node)) + ";");
            clause.append(" reduction(")
                    .append(sum ? "+:" : "max:")
                    .append(name)
                    .append(")");
        }
        Map<Node, String> rows = new HashMap<>();
        for (Node node : scratch) {
            rows.put(node, scopes.name("w"));
            scopes.line(1, "alignas(64) float " + rows.get(node) + "[" + LONGEST_SCRATCH + "];");
        }
        scopes.enter();
        List<String> effects = new ArrayList<>();
        for (Node node : scratch) {
            effects.add(rows.get(node) + "[c] = " + element(node) + ";");
        }
        for (Node node : reductions) {
            String value = element(node.input(0));
            String total = totals.get(node);
            effects.add(
                    node.op() == Op.SUM
                            ? total + " += " + value + ";"
                            : total + " = " + total + " < " + value + " ? " + value + " : " + total + ";");
        }
        for (Node node : stores) {
            String value = element(node);
            String place = values.pointer(node) + "[" + values.cpp(group.full().at()) + "]";
            effects.add(place + " = " + CppText.store(node.type().dtype(), value) + ";");
        }
        effects.forEach(effect -> scopes.line(2, effect));
        String body = scopes.leave();
        scopes.line(
                1,
                parallelColumns
                        ? "#pragma omp parallel for simd schedule(static) if (" + extent + " >= 8192)"
                        : "#pragma omp simd" + clause);
        scopes.line(1, "for (int64_t c = 0; c < " + extent + "; ++c) {");
        scopes.block(1, body);
        scopes.line(1, "}");
        scratch.forEach(node -> values.inRow(node, rows.get(node)));
        stores.forEach(values::wrote);
        for (Node node : reductions) {
            values.settled(node, totals.get(node));
            if (group.stored().contains(node)) {
                scopes.line(1, values.pointer(node) + "[r] = " + totals.get(node) + ";");
            }
        }
    }

    private String element(Node node) {
        return values.value(node, group.full()).text();
    }

    private void storePerRow(Node node) {
        Value value = values.value(node, group.perRow());
        scopes.line(
                1, values.pointer(node) + "[r] = " + CppText.store(node.type().dtype(), value.text()) + ";");
    }

    private boolean isFull(Node node) {
        return node.shape().size() == group.rows() * group.columns();
    }

    /** How many loops over the columns must come before the node can be computed. */
    private int stage(Node node) {
        Integer known = stages.get(node);
        if (known != null) {
            return known;
        }
        int stage = 0;
        for (Node wanted : node.inputs()) {
            Node input = group.once(wanted);
            if (group.computes(input)) {
                stage = Math.max(stage, stage(input) + (input.kind() == Op.Kind.REDUCTION ? 1 : 0));
            }
        }
        stages.put(node, stage);
        return stage;
    }

    /** Dear values that several stages need, with the stage that computes them. */
    private Map<Node, Integer> scratch(List<Node> reductions, List<Node> full) {
        Map<Node, Set<Integer>> uses = new HashMap<>();
        for (Node node : reductions) {
            spread(node.input(0), stage(node), uses);
        }
        for (Node node : full) {
            spread(node, stage(node), uses);
        }
        Map<Node, Integer> scratch = new HashMap<>();
        uses.forEach((node, at) -> {
            boolean dear = node.op() == Op.EXP || node.op() == Op.LOG || node.op() == Op.RANDOM_UNIFORM;
            if (dear
                    && at.size() > 1
                    && isFull(node)
                    && group.columns() <= LONGEST_SCRATCH
                    && !full.contains(node)
                    && group.usedOnlyAt(node, group.full())) {
                scratch.put(node, at.stream().min(Comparator.naturalOrder()).get());
            }
        });
        return scratch;
    }

    private void spread(Node wanted, int stage, Map<Node, Set<Integer>> uses) {
        Node node = group.once(wanted);
        if (!group.computes(node)
                || node.kind() == Op.Kind.REDUCTION
                || !uses.computeIfAbsent(node, n -> new HashSet<>()).add(stage)) {
            return;
        }
        node.inputs().forEach(input -> spread(input, stage, uses));
    }

    private static Comparator<Node> byId() {
        return Comparator.comparingInt(Node::id);
    }

    /** Where a maximum starts. */
    static String lowest(Node node) {
        return node.type().dtype() == DType.F32 ? "-INFINITY" : "INT32_MIN";
    }
}
