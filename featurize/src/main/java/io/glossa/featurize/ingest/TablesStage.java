package io.glossa.featurize.ingest;

import io.glossa.featurize.lake.WriterStage;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The tables that an ingest touches as they were at one time, whatever is written since. */
final class TablesStage {
    private final SparkSession spark;
    private final WriterStage writer;
    private final Map<LakeTable, OptionalLong> snapshots = new EnumMap<>(LakeTable.class);

    /** As they are now. */
    TablesStage(SparkSession spark, Lake lake, WriterStage writer) {
        this.spark = spark;
        this.writer = writer;
        // What hangs on a table is looked at after it, so that it is never older.
        for (LakeTable table :
                List.of(LakeTable.RECORDINGS, LakeTable.UTTERANCES, LakeTable.TRANSCRIPTS, LakeTable.FEATURES)) {
            snapshots.put(table, lake.snapshot(table));
        }
    }

    Dataset<Row> table(LakeTable table) {
        OptionalLong snapshot = snapshots.get(table);
        return snapshot.isPresent()
                ? writer.table(table, snapshot.getAsLong())
                : spark.createDataFrame(List.of(), writer.table(table).schema());
    }

    /** Whether another run wrote to one of them since. */
    boolean othersWrote() {
        return snapshots.entrySet().stream().anyMatch(table -> writer.othersWrote(table.getKey(), table.getValue()));
    }
}
