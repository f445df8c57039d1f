package io.glossa.jobs.lineage;

import io.glossa.storage.DataFileRef;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.SnapshotReader;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.Snapshot;

/**
 * Where a lake holds rows of what is to be forgotten.
 *
 * @param rows of the current snapshot, by table
 * @param snapshots that have any, by table
 */
record Holdings(Map<LakeTable, Long> rows, Map<LakeTable, Set<Long>> snapshots) {
    /** In the order in which rows are taken out: what hangs on others before them. */
    static final List<LakeTable> TABLES = List.of(
            LakeTable.REJECTS, LakeTable.TRANSCRIPTS, LakeTable.FEATURES, LakeTable.UTTERANCES, LakeTable.RECORDINGS);

    static Holdings of(Lake lake, Wanted wanted) {
        Map<LakeTable, Long> rows = new EnumMap<>(LakeTable.class);
        Map<LakeTable, Set<Long>> snapshots = new EnumMap<>(LakeTable.class);
        for (LakeTable table : TABLES) {
            Map<Long, Long> bySnapshot = count(lake, table, wanted);
            OptionalLong now = lake.snapshot(table);
            rows.put(table, now.isEmpty() ? 0 : bySnapshot.getOrDefault(now.getAsLong(), 0L));
            snapshots.put(table, new TreeSet<>(bySnapshot.keySet()));
        }
        return new Holdings(rows, snapshots);
    }

    /** By snapshot that has any; a file that several have in common is read once. */
    private static Map<Long, Long> count(Lake lake, LakeTable table, Wanted wanted) {
        Map<String, Long> byFile = new HashMap<>();
        Map<Long, Long> bySnapshot = new HashMap<>();
        for (Snapshot snapshot : History.snapshots(lake, table)) {
            SnapshotReader reader = SnapshotReader.of(lake, table, snapshot.snapshotId())
                    .select(table.key().get(0))
                    .where(wanted.in(table));
            long sum = 0;
            for (DataFileRef file : reader.files()) {
                sum += byFile.computeIfAbsent(file.location(), name -> rows(reader, file));
            }
            if (sum > 0) {
                bySnapshot.put(snapshot.snapshotId(), sum);
            }
        }
        return bySnapshot;
    }

    private static long rows(SnapshotReader reader, DataFileRef file) {
        try (Stream<GenericRecord> rows = reader.rows(List.of(file))) {
            return rows.count();
        }
    }

    boolean has(LakeTable table, long snapshot) {
        return snapshots.get(table).contains(snapshot);
    }
}
