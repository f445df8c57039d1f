package io.glossa.jobs.lineage;

import io.glossa.storage.DataFileRef;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.SnapshotReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.expressions.Expression;

/** The rows that a table has and had, as far as its history goes. */
final class History {
    private History() {}

    /**
     * Reads rows, those of newer snapshots first; what several snapshots have in common is read once.
     *
     * @param enough whether no older ones are needed
     */
    static void read(
            Lake lake,
            LakeTable table,
            List<String> columns,
            Expression condition,
            BooleanSupplier enough,
            Consumer<GenericRecord> use) {
        Set<String> seen = new HashSet<>();
        for (Snapshot snapshot : snapshots(lake, table)) {
            if (enough.getAsBoolean()) {
                return;
            }
            SnapshotReader reader = SnapshotReader.of(lake, table, snapshot.snapshotId())
                    .select(columns.toArray(String[]::new))
                    .where(condition);
            List<DataFileRef> others = reader.files().stream()
                    .filter(file -> seen.add(file.location()))
                    .toList();
            try (Stream<GenericRecord> rows = reader.rows(others)) {
                rows.forEach(use);
            }
        }
    }

    /** The newest first. */
    static List<Snapshot> snapshots(Lake lake, LakeTable table) {
        List<Snapshot> all = new ArrayList<>();
        lake.table(table).snapshots().forEach(all::add);
        all.sort(Comparator.comparingLong(Snapshot::sequenceNumber).reversed());
        return all;
    }
}
