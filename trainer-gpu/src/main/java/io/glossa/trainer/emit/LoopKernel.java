package io.glossa.trainer.emit;

import io.glossa.trainer.emit.Scopes.Value;
import io.glossa.trainer.fuse.Access;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.fuse.Index;
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
    private final Stages stages;
    private boolean parallelColumns;

    LoopKernel(Group group, Map<Node, Node> inPlace) {
        this.group = group;
        this.values = new Expressions(group, inPlace, scopes, 2);
        this.stages = new Stages(group);
    }

    List<Argument> arguments() {
        return values.arguments();
    }

    /** The function's body. */
    String body() {
        int last = stages.last();
        Map<Node, Integer> scratch = scratch();
        // A single long row without reductions is cut between threads along its columns.
        parallelColumns = group.rows() == 1 && !stages.hasReductions();
        scopes.enter();
        for (int stage = 0; stage <= last + 1; stage++) {
            int now = stage;
            stages.perRow(stage).forEach(this::storePerRow);
            if (stage <= last) {
                columns(
                        stages.reductions(stage),
                        stages.full(stage),
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
            scopes.line(1, type + " " + name + " = " + (sum ? "0" : CppText.lowest(node)) + ";");
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
            for (Index start : group.starts(node)) {
                Access at = Access.of(start.plus(group.column()));
                String value = values.value(node, at).text();
                String place = values.pointer(node) + "[" + values.cpp(at.at()) + "]";
                effects.add(place + " = " + CppText.store(node.type().dtype(), value) + ";");
            }
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

    /** Dear values that several stages need, with the stage that computes them. */
    private Map<Node, Integer> scratch() {
        Map<Node, Set<Integer>> uses = new HashMap<>();
        Set<Node> full = new HashSet<>();
        for (int stage = 0; stage <= stages.last(); stage++) {
            for (Node node : stages.reductions(stage)) {
                spread(node.input(0), stage, uses);
            }
            for (Node node : stages.full(stage)) {
                spread(node, stage, uses);
            }
            full.addAll(stages.full(stage));
        }
        Map<Node, Integer> scratch = new HashMap<>();
        uses.forEach((node, at) -> {
            boolean dear = node.op() == Op.EXP || node.op() == Op.LOG || node.op() == Op.RANDOM_UNIFORM;
            if (dear
                    && at.size() > 1
                    && stages.isFull(node)
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
}
