package io.glossa.jobs.lineage;

import io.glossa.jobs.cli.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What went into a model.
 *
 * @param frontEnd digest of the front end whose features it takes
 * @param tokenizer by which its texts are numbered; empty: it has none
 * @param portions what it had itself, and what those had that it hangs on
 * @param taught share of a teacher's texts in the audio that it learned from with texts, by teacher
 * @param unknown what cannot be told, in sentences
 */
record Contents(
        String model,
        String digest,
        String kind,
        long step,
        String frontEnd,
        String tokenizer,
        List<Portion> portions,
        Map<String, Double> taught,
        List<String> unknown) {
    private static final double SECONDS_PER_HOUR = 3600;

    static Contents of(Ancestry ancestry, Model model) {
        List<Portion> portions = Portion.of(ancestry, model);
        Map<String, String> lineage = model.meta().lineage();
        return new Contents(
                model.name(),
                model.digest(),
                model.meta().kind(),
                model.meta().step(),
                lineage.getOrDefault("glossa.front-end", "not noted"),
                lineage.getOrDefault("glossa.tokenizer", ""),
                portions,
                taught(portions),
                ancestry.unknown());
    }

    private static Map<String, Double> taught(List<Portion> portions) {
        Map<String, Double> seconds = new TreeMap<>();
        double all = 0;
        for (Portion portion : portions) {
            boolean hasText = portion.way().equals(Way.READ.toString())
                    || !portion.teacher().isEmpty();
            if (portion.path().isEmpty() && hasText) {
                seconds.merge(portion.teacher(), portion.learnedSeconds(), Double::sum);
                all += portion.learnedSeconds();
            }
        }
        double whole = all;
        seconds.remove("");
        seconds.replaceAll((teacher, own) -> own / whole);
        return seconds;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(model + ": " + kind + ", model " + digest);
        lines.add("front end " + frontEnd + (tokenizer.isEmpty() ? "" : ", tokenizer " + tokenizer));
        lines.addAll(table(portions));
        taught.forEach((teacher, share) -> lines.add(String.format(
                Locale.ROOT,
                "%.1f %% of what it learned from with text has texts by model %s",
                100 * share,
                Model.shortened(teacher))));
        unknown.forEach(sentence -> lines.add("not known: " + sentence));
        return lines;
    }

    /** A line for each portion. */
    static List<String> table(List<Portion> portions) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("what", "licence", "source", "lang", "rows", "hours", "hours learned"));
        for (Portion portion : portions) {
            String way = portion.teacher().isEmpty()
                    ? portion.way()
                    : portion.way() + " (" + Model.shortened(portion.teacher()) + ")";
            rows.add(List.of(
                    path(portion.path()) + way,
                    portion.licence(),
                    portion.source(),
                    portion.lang(),
                    String.format(Locale.ROOT, "%,d", portion.rows()),
                    hours(portion.seconds()),
                    hours(portion.learnedSeconds())));
        }
        return rows.size() == 1 ? List.of("nothing") : Columns.lines(rows);
    }

    /** Such as {@code started from pretrain/step-00000006 > }. */
    static String path(List<String> path) {
        return path.isEmpty() ? "" : String.join(" > ", path) + " > ";
    }

    private static String hours(double seconds) {
        return String.format(Locale.ROOT, "%.3f", seconds / SECONDS_PER_HOUR);
    }
}
