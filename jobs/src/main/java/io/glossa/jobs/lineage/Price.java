package io.glossa.jobs.lineage;

import io.glossa.jobs.cli.Columns;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.SnapshotReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.expressions.Expressions;

/**
 * What forgetting takes, and what it meets: known before anything is done.
 *
 * @param runs whose snapshots hold it, and that cannot go on afterwards
 * @param begun folders of trainings that have no checkpoint: they begin again
 * @param seen which models have something of it, as {@link Sightings} tells it
 * @param labels by the digest of a model that has, how many texts it gave to other utterances
 * @param unknown what cannot be told, in sentences
 */
record Price(
        Wanted wanted,
        Holdings holdings,
        List<Run> runs,
        List<Folder> begun,
        List<Sightings.Seen> seen,
        Map<String, Long> labels,
        List<String> unknown) {
    static Price of(Lake lake, Ancestry ancestry, Wanted wanted) {
        Holdings holdings = Holdings.of(lake, wanted);
        List<Run> runs = Run.of(ancestry.models().all()).stream()
                .filter(run -> run.holds(holdings))
                .toList();
        List<Sightings.Seen> seen = Sightings.seen(ancestry, wanted.utterances());
        return new Price(
                wanted,
                holdings,
                runs,
                ancestry.models().begun(),
                seen,
                labels(lake, wanted, seen),
                ancestry.unknown());
    }

    private static Map<String, Long> labels(Lake lake, Wanted wanted, List<Sightings.Seen> seen) {
        Set<String> models = seen.stream().map(Sightings.Seen::digest).collect(Collectors.toSet());
        Map<String, Long> labels = new TreeMap<>();
        OptionalLong now = lake.snapshot(LakeTable.TRANSCRIPTS);
        if (now.isEmpty()) {
            return labels;
        }
        SnapshotReader texts = SnapshotReader.of(lake, LakeTable.TRANSCRIPTS, now.getAsLong())
                .select("utterance_id", "teacher")
                .where(Expressions.equal("kind", "pseudo"));
        try (Stream<GenericRecord> rows = texts.rows()) {
            rows.filter(row -> models.contains(String.valueOf(row.get("teacher"))))
                    .filter(row -> !wanted.utterances()
                            .contains(row.get("utterance_id").toString()))
                    .forEach(row -> labels.merge(row.get("teacher").toString(), 1L, Long::sum));
        }
        return labels;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "request %s: %,d recordings, %,d utterances",
                wanted.digest(),
                wanted.recordings().size(),
                wanted.utterances().size()));
        List<List<String>> tables = new ArrayList<>();
        tables.add(List.of("table", "rows", "snapshots that hold some"));
        for (Map.Entry<LakeTable, Long> table : holdings.rows().entrySet()) {
            tables.add(List.of(
                    table.getKey().tableName(),
                    String.format(Locale.ROOT, "%,d", table.getValue()),
                    String.format(
                            Locale.ROOT,
                            "%,d",
                            holdings.snapshots().get(table.getKey()).size())));
        }
        lines.addAll(Columns.lines(tables));
        runs.forEach(run -> lines.add("cannot go on afterwards: " + run.folder().name()));
        begun.forEach(folder -> lines.add("begins again: " + folder.name() + ", which has no checkpoint yet"));
        lines.addAll(Sightings.table(seen));
        labels.forEach((teacher, count) ->
                lines.add(String.format(Locale.ROOT, "%,d texts of other utterances are by model %s", count, teacher)));
        unknown.forEach(sentence -> lines.add("not known: " + sentence));
        return lines;
    }
}
