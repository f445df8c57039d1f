package io.glossa.jobs.explain;

import io.glossa.trainer.runtime.Explanation;
import io.glossa.trainer.runtime.FusedKernel;
import io.glossa.trainer.runtime.FusedKernel.Kind;
import io.glossa.trainer.runtime.LiveMemory;
import io.glossa.trainer.runtime.LiveMemory.Use;
import io.glossa.trainer.runtime.Recomputed;
import io.glossa.trainer.runtime.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** What the compiler decided about a program, as tables. */
record ExplanationText(Explanation explanation) {
    private static final int KERNELS = 250;
    private static final int ROWS = 20;
    private static final String INDENT = " ".repeat(36);

    /** @param all whether long tables are printed whole */
    String tables(boolean all) {
        return fused(all ? Integer.MAX_VALUE : KERNELS)
                + recomputed(all ? Integer.MAX_VALUE : ROWS)
                + arena(all ? Integer.MAX_VALUE : ROWS)
                + gathered(all ? Integer.MAX_VALUE : ROWS);
    }

    private String fused(int most) {
        int runs = explanation.kernels().values().stream().mapToInt(n -> n).sum();
        List<String> rows = new ArrayList<>();
        explanation.kernels().forEach((kernel, count) -> rows.add(kernel(kernel, count)));
        return line(
                        "Fusion: %d kernels of %d structures, in the order of their first runs. Values of %s MB are computed"
                                + " inside kernels and never stored.%n",
                        runs, rows.size(), megabytes(explanation.unstored()))
                + line("%5s  %-12s  %11s  %s", "runs", "kind", "unstored MB", "kernel: operations; reads → writes")
                + some(rows, most);
    }

    private static String kernel(FusedKernel kernel, int runs) {
        String operations = kernel.operations().entrySet().stream()
                .map(operation -> times(operation.getValue(), operation.getKey()))
                .collect(Collectors.joining(" "));
        boolean named = operations.isEmpty() || kernel.name().startsWith(operations.replace(' ', '_') + " ");
        return line("%5d  %-12s  %11s  %s", runs, kernel.kind(), megabytes(kernel.unstored()), kernel.name())
                + (named || kernel.kind() == Kind.HAND_WRITTEN ? "" : line("%s%s", INDENT, operations))
                + line("%s%s", INDENT, folded(values(kernel.reads()) + " → " + values(kernel.writes())));
    }

    /** Long lists, on a new line wherever there are enough on this one. */
    private static String folded(String list) {
        return list.strip().replaceAll("(.{70,}?,) ", "$1" + System.lineSeparator() + INDENT);
    }

    private String recomputed(int most) {
        Recomputed recomputed = explanation.recomputed();
        List<String> kept = recomputed.kept().stream()
                .map(each -> line("%5d  %10s  %s", each.count(), megabytes(each.bytes()), name(each)))
                .toList();
        List<String> again = recomputed.again().stream()
                .map(each -> line(
                        "%5d  %10s  %8.2f  %s",
                        each.values().count(), megabytes(each.spared()), each.flop() * 1e-9, name(each.values())))
                .toList();
        return line(
                        "%nThe backward part is computed from %s MB of the forward part's values. %s MB are kept, at most %s MB%n"
                                + "at a time; %s MB are saved by computing values again: %.2f GFLOP, %.1f %% of the step's.%n",
                        megabytes(recomputed.needed()),
                        megabytes(recomputed.keptBytes()),
                        megabytes(mostKept()),
                        megabytes(recomputed.needed() - recomputed.keptBytes()),
                        recomputed.flop() * 1e-9,
                        100 * recomputed.flop() / explanation.flop())
                + line("%5s  %10s  %8s  %s", "count", "spared MB", "GFLOP", "computed again")
                + some(again, most)
                + line("%n%5s  %10s  %s", "count", "MB", "kept")
                + some(kept, most);
    }

    private long mostKept() {
        return LongStream.of(explanation.memory().live().get(Use.KEPT)).max().orElse(0);
    }

    private String arena(int most) {
        LiveMemory memory = explanation.memory();
        List<String> used = memory.atPeak().stream()
                .map(each -> line(
                        "%5d  %10s  %-26s  %s",
                        each.values().count(), megabytes(each.values().bytes()), each.use(), name(each.values())))
                .toList();
        return line(
                        "%nThe arena has %,d bytes (%s MB). Most in use at a time are %,d, first at kernel %,d, %s:%n",
                        memory.arena(),
                        megabytes(memory.arena()),
                        memory.at(memory.peak()),
                        memory.peak() + 1,
                        explanation.peakKernel())
                + uses(memory)
                + line("%n%5s  %10s  %-26s  %s", "count", "MB", "use", "in memory then")
                + some(used, most);
    }

    /** Nothing where no parameter is shared. */
    private String gathered(int most) {
        if (explanation.gathered().isEmpty()) {
            return "";
        }
        List<String> layers = explanation.gathered().stream()
                .map(each -> line(
                        "%5d  %10s  %,6d  %,6d  %,8d  %s",
                        each.parameters(),
                        megabytes(each.bytes()),
                        each.begun() + 1,
                        each.used() + 1,
                        each.released() + 1,
                        each.layer()))
                .toList();
        long mostAtATime = LongStream.of(explanation.memory().live().get(Use.GATHERED))
                .max()
                .orElse(0);
        return line(
                        "%nParameters of which each rank has a part are gathered layer by layer, at most %s MB at a time; by kernel:",
                        megabytes(mostAtATime))
                + line("%5s  %10s  %6s  %6s  %8s  %s", "count", "MB", "begun", "used", "released", "layer")
                + some(layers, most);
    }

    private static String uses(LiveMemory memory) {
        return memory.live().entrySet().stream()
                .filter(use -> use.getValue()[memory.peak()] > 0)
                .map(use -> line("%17s  %s", megabytes(use.getValue()[memory.peak()]), use.getKey()))
                .collect(Collectors.joining());
    }

    private static String some(List<String> rows, int most) {
        String shown = String.join("", rows.subList(0, Math.min(most, rows.size())));
        return rows.size() > most ? shown + line("%5d  more (see --all)", rows.size() - most) : shown;
    }

    private static String values(List<Values> values) {
        return values.stream().map(each -> times(each.count(), name(each))).collect(Collectors.joining(", "));
    }

    private static String name(Values values) {
        return values.origin() + " " + values.type();
    }

    private static String times(int count, String what) {
        return count == 1 ? what : count + "·" + what;
    }

    /** A mebibyte each, as the arena is measured elsewhere. */
    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%,.1f", bytes / (double) (1 << 20));
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format + "%n", values);
    }
}
