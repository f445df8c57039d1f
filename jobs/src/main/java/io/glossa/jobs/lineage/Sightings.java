package io.glossa.jobs.lineage;

import io.glossa.jobs.cli.Columns;
import io.glossa.storage.Folder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which models saw a recording.
 *
 * @param models those that did, each once for each path and way
 * @param unknown what cannot be told, in sentences
 */
record Sightings(
        String recording, String uri, String licence, long utterances, List<Seen> models, List<String> unknown) {
    /**
     * That a model saw it.
     *
     * @param path from the model to the one that had it in its data, a link each; empty: it had it itself
     * @param way of {@link Way}, in its words
     * @param utterances of the recording
     * @param firstStep of that one's training; 0: before the first
     * @param times that one of them was learned from
     */
    record Seen(
            String model, String digest, List<String> path, String way, long utterances, long firstStep, long times) {}

    static Sightings of(Ancestry ancestry, Recording recording) {
        List<Seen> all = seen(ancestry, recording.utterances());
        return new Sightings(
                recording.id(),
                recording.uri(),
                recording.licence(),
                recording.utterances().size(),
                all,
                ancestry.unknown());
    }

    /** Which models saw any of some utterances. */
    static List<Seen> seen(Ancestry ancestry, Set<String> utterances) {
        Map<Folder, List<Seen>> own = new HashMap<>();
        List<Seen> all = new ArrayList<>();
        for (Model model : ancestry.models().all()) {
            for (Ancestry.Ancestor ancestor : ancestry.of(model)) {
                own.computeIfAbsent(ancestor.model().step(), step -> seen(ancestry, ancestor.model(), utterances))
                        .forEach(seen -> all.add(of(model, ancestor.path(), seen)));
            }
        }
        all.sort(Comparator.comparing(Seen::model)
                .thenComparing(seen -> seen.path().size())
                .thenComparing(seen -> String.join("\n", seen.path()))
                .thenComparing(Seen::way));
        return all;
    }

    private static Seen of(Model model, List<String> path, Seen own) {
        return new Seen(model.name(), model.digest(), path, own.way(), own.utterances(), own.firstStep(), own.times());
    }

    private static List<Seen> seen(Ancestry ancestry, Model model, Set<String> utterances) {
        Map<Way, Seen> seen = new EnumMap<>(Way.class);
        for (Use use : ancestry.uses(model, utterances)) {
            Seen one = new Seen(
                    model.name(), model.digest(), List.of(), use.way().toString(), 1, use.first(), use.count());
            seen.merge(
                    use.way(),
                    one,
                    (a, b) -> new Seen(
                            a.model(),
                            a.digest(),
                            List.of(),
                            a.way(),
                            a.utterances() + 1,
                            Math.min(a.firstStep(), b.firstStep()),
                            a.times() + b.times()));
        }
        return List.copyOf(seen.values());
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(uri + ": " + utterances + " utterances, " + licence + ", recording " + recording);
        lines.addAll(table(models));
        unknown.forEach(sentence -> lines.add("not known: " + sentence));
        return lines;
    }

    /** A line for each. */
    static List<String> table(List<Seen> models) {
        return models.isEmpty() ? List.of("no model saw it") : Columns.lines(rows(models));
    }

    /** As cells, of which the first row names the columns. */
    static List<List<String>> rows(List<Seen> models) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("model", "how", "utterances", "first step", "times"));
        for (Seen seen : models) {
            rows.add(List.of(
                    seen.model(),
                    Contents.path(seen.path()) + seen.way(),
                    number(seen.utterances()),
                    seen.firstStep() == 0 ? "before" : number(seen.firstStep()),
                    seen.times() == 0 ? "-" : number(seen.times())));
        }
        return rows;
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
