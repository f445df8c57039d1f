package io.glossa.jobs.plan;

import io.glossa.trainer.plan.TrainingPlan;
import io.glossa.trainer.runtime.MemoryKinds.Kind;
import java.util.Locale;
import java.util.function.Function;

/** A plan as tables for a person, of at most 100 columns. */
record PlanText(TrainingPlan plan, PlanLine line) {
    private static final double GB = 1e9;

    String text() {
        return head() + memory() + traffic() + time() + choice() + rates();
    }

    private String head() {
        return format(
                "%s, %s in %s, %s, utterances of %.0f s, parts=%d%non %d %s%n%n",
                line.preset(),
                line.objective(),
                line.dtype(),
                format("%,.1f million parameters", line.plans().get(0).parameters() / 1e6),
                line.seconds(),
                line.parts(),
                line.ranks(),
                (line.ranks() == 1 ? "rank: " : "ranks, each: ") + plan.device().title());
    }

    private String memory() {
        StringBuilder text = new StringBuilder(row("", way -> "sharding=" + way.sharding()));
        String most = line.parts() % line.ranks() == 0 ? "" : "up to ";
        text.append(row(
                "batch of a rank, utterances",
                way -> line.partsOfRank() == 1
                        ? String.valueOf(way.batch())
                        : most + line.partsOfRank() + " parts of " + way.batch()));
        if (line.plans().get(0).batches().size() > 1) {
            line.plans()
                    .get(0)
                    .batches()
                    .keySet()
                    .forEach(stream -> text.append(row(
                            "  of a part, " + stream,
                            way -> String.valueOf(way.batches().get(stream)))));
        }
        text.append(format("%nGB of a rank%n"));
        for (Kind kind : Kind.values()) {
            text.append(row("  " + kind, way -> gb(way.bytes().get(kind.name().toLowerCase(Locale.ROOT)))));
        }
        text.append(row("  process beside its program", way -> gb(way.bytes().get("process"))));
        text.append(row("  together", way -> gb(way.plannedBytes())));
        text.append(row("  idle process, device open", way -> gb(line.idleBytes())));
        text.append(row("  margin", way -> gb(line.marginBytes())));
        text.append(row(
                "  left of the device's " + gb(line.deviceBytes()),
                way -> gb(line.deviceBytes() - line.idleBytes() - line.marginBytes() - way.plannedBytes())));
        text.append(row("arena of the largest program", way -> gb(way.arenaBytes())));
        return text.toString();
    }

    private String traffic() {
        if (line.ranks() == 1) {
            return "";
        }
        StringBuilder text = new StringBuilder(
                format("%nGB that a rank sends in a step; of a tensor of S bytes and %d ranks%n", line.ranks()));
        text.append(row("  reduce-scatter, S·(N − 1)/N", way -> gb(way.sent().getOrDefault("reduce_scatter", 0L))));
        text.append(row("  all-gather, S·(N − 1)/N", way -> gb(way.sent().getOrDefault("all_gather", 0L))));
        text.append(row("  all-reduce, 2·S·(N − 1)/N", way -> gb(way.sent().getOrDefault("all_reduce", 0L))));
        text.append(row("  together", way -> gb(way.sentBytes())));
        return text.toString();
    }

    private String time() {
        StringBuilder text = new StringBuilder(format("%nSeconds of a step, predicted%n"));
        text.append(row("  matrix products", way -> seconds(way, "products")));
        text.append(row("  attention, lattices of transducers", way -> seconds(way, "attention")));
        text.append(row("  other kernels", way -> seconds(way, "others")));
        text.append(row("  between kernels", way -> seconds(way, "launches")));
        if (line.ranks() > 1) {
            text.append(row(
                    "  waits for other ranks, of their sums'",
                    way -> seconds(way, "waits") + " of " + seconds(way, "collectives")));
        }
        text.append(row("  together", way -> format("%.4f", way.stepS())));
        text.append(row("kernels started", way -> format("%,d", way.launches())));
        text.append(row("audio hours per hour, a rank", way -> format("%,.0f", way.rtfx() / line.ranks())));
        if (line.ranks() > 1) {
            text.append(row("audio hours per hour, all ranks", way -> format("%,.0f", way.rtfx())));
        }
        return text.toString();
    }

    private String choice() {
        if (!line.chosen().isEmpty()) {
            return format("%nChoose %s.%n", line.why());
        }
        StringBuilder text = new StringBuilder(format("%nNothing fits: %s.%nWhat would help:%n", line.why()));
        line.remedies().forEach(remedy -> text.append(format("  %s%n", remedy)));
        return text.toString();
    }

    private String rates() {
        StringBuilder text = new StringBuilder(format("%nRates%n"));
        line.rates()
                .forEach((name, rate) -> text.append(format(
                        "  %-34s  %10s  %s%n",
                        name,
                        rate.value() == 0 ? "0" : format("%.3g", rate.value()),
                        rate.basis() + ": " + rate.source())));
        return text.toString();
    }

    private String row(String label, Function<PlanLine.Way, String> value) {
        StringBuilder text = new StringBuilder(format("%-38s", label));
        line.plans().forEach(way -> text.append(format("%20s", value.apply(way))));
        return text.toString().stripTrailing() + System.lineSeparator();
    }

    private static String seconds(PlanLine.Way way, String what) {
        return format("%.4f", way.seconds().get(what));
    }

    private static String gb(long bytes) {
        return format("%,.3f", bytes / GB);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
