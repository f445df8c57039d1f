package io.glossa.jobs.lineage;

import io.glossa.error.GlossaException;
import io.glossa.storage.DataFileRef;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import io.glossa.storage.SnapshotReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * What changed in a table from one snapshot to a later one.
 *
 * @param commits between them, the oldest first
 * @param added keys of rows, the columns of a key with spaces between
 * @param changed keys of rows of which a column is another; columns of bytes are not looked at
 */
record TableChanges(
        String table,
        long from,
        long to,
        List<Commit> commits,
        Set<String> added,
        Set<String> removed,
        Set<String> changed) {
    /**
     * What wrote a snapshot.
     *
     * @param job empty: none of Glossa's
     * @param inputs snapshot by table
     * @param modelDigest of the model that it used; empty: none
     */
    record Commit(
            long snapshot,
            String time,
            String job,
            String run,
            String codeVersion,
            Map<String, Long> inputs,
            String modelDigest) {
        static Commit of(Snapshot snapshot) {
            String time = Instant.ofEpochMilli(snapshot.timestampMillis()).toString();
            return Lineage.of(snapshot)
                    .map(lineage -> new Commit(
                            snapshot.snapshotId(),
                            time,
                            lineage.job(),
                            lineage.run(),
                            lineage.codeVersion(),
                            new TreeMap<>(lineage.inputs()),
                            lineage.modelDigest() == null ? "" : lineage.modelDigest()))
                    .orElseGet(() -> new Commit(snapshot.snapshotId(), time, "", "", "", Map.of(), ""));
        }

        private String words() {
            String made = inputs.entrySet().stream()
                    .map(input -> input.getKey() + " " + input.getValue())
                    .collect(Collectors.joining(", "));
            return time + "  " + snapshot + "  " + (job.isEmpty() ? "not by a job of Glossa's" : run)
                    + (made.isEmpty() ? "" : ", of " + made)
                    + (modelDigest.isEmpty() ? "" : ", with model " + Model.shortened(modelDigest));
        }
    }

    private static final int SHOWN = 5;

    /** @throws GlossaException of type USER if one of them is not in the table's history */
    static TableChanges of(Lake lake, LakeTable table, long from, long to) {
        SnapshotReader before = SnapshotReader.of(lake, table, from);
        SnapshotReader after = SnapshotReader.of(lake, table, to);
        Set<String> files = locations(before);
        Set<String> common = new HashSet<>(files);
        common.retainAll(locations(after));
        Map<String, String> old = rows(before, table, common);
        Map<String, String> now = rows(after, table, common);
        Set<String> added = new TreeSet<>(now.keySet());
        added.removeAll(old.keySet());
        Set<String> removed = new TreeSet<>(old.keySet());
        removed.removeAll(now.keySet());
        Set<String> changed = new TreeSet<>(now.keySet());
        changed.removeIf(key -> !old.containsKey(key) || old.get(key).equals(now.get(key)));
        return new TableChanges(table.tableName(), from, to, commits(lake, table, from, to), added, removed, changed);
    }

    private static List<Commit> commits(Lake lake, LakeTable table, long from, long to) {
        long first = lake.table(table).snapshot(from).sequenceNumber();
        long last = lake.table(table).snapshot(to).sequenceNumber();
        if (first > last) {
            throw GlossaException.user("Cannot compare snapshot " + from + " of " + table.tableName() + " to " + to
                    + ": the first is the later one, expected the other way round");
        }
        List<Commit> commits = new ArrayList<>();
        for (Snapshot snapshot : History.snapshots(lake, table)) {
            if (snapshot.sequenceNumber() > first && snapshot.sequenceNumber() <= last) {
                commits.add(0, Commit.of(snapshot));
            }
        }
        return commits;
    }

    private static Set<String> locations(SnapshotReader reader) {
        return reader.files().stream().map(DataFileRef::location).collect(Collectors.toSet());
    }

    /** By key what the other columns are, of the rows in files that the two have not in common. */
    private static Map<String, String> rows(SnapshotReader reader, LakeTable table, Set<String> common) {
        List<String> columns = table.icebergSchema().columns().stream()
                .filter(column -> column.type().typeId() != Type.TypeID.BINARY)
                .map(Types.NestedField::name)
                .toList();
        SnapshotReader narrow = reader.select(columns.toArray(String[]::new));
        List<DataFileRef> files = narrow.files().stream()
                .filter(file -> !common.contains(file.location()))
                .toList();
        Map<String, String> rows = new HashMap<>();
        try (Stream<GenericRecord> read = narrow.rows(files)) {
            read.forEach(row -> rows.put(key(row, table), row.toString()));
        }
        return rows;
    }

    private static String key(GenericRecord row, LakeTable table) {
        return table.key().stream()
                .map(column -> String.valueOf(row.get(column)))
                .collect(Collectors.joining(" "));
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(table + " from " + from + " to " + to);
        commits.forEach(commit -> lines.add("  " + commit.words()));
        lines.add(line("added", added));
        lines.add(line("removed", removed));
        lines.add(line("changed", changed));
        return lines;
    }

    private static String line(String what, Set<String> keys) {
        String some = keys.stream().limit(SHOWN).collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%,d rows %s%s",
                keys.size(),
                what,
                keys.isEmpty() ? "" : ": " + some + (keys.size() > SHOWN ? ", …" : ""));
    }
}
