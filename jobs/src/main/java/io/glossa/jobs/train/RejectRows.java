package io.glossa.jobs.train;

import io.glossa.error.GlossaException;
import io.glossa.jobs.spark.JobKey;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import java.util.List;
import org.apache.spark.sql.DataFrameWriterV2;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;

/** Writes a training's rejects into the lake, once. */
final class RejectRows {
    private RejectRows() {}

    /** Appends the rows in one commit, unless a run with the same job key has. */
    static void write(SparkSession spark, Lake lake, Lineage lineage, List<TrainReject> rejects) {
        if (rejects.isEmpty()
                || lake.completed(LakeTable.REJECTS, lineage.jobKey()).isPresent()) {
            return;
        }
        String table = Lake.CATALOG + "." + Lake.NAMESPACE + "." + LakeTable.REJECTS.tableName();
        List<Row> rows = rejects.stream().map(reject -> row(reject, lineage)).toList();
        DataFrameWriterV2<Row> writer = spark.createDataFrame(
                        rows, spark.table(table).schema())
                .coalesce(1)
                .writeTo(table);
        lineage.toSummary().forEach((key, value) -> writer.option("snapshot-property." + key, value));
        try {
            writer.append();
        } catch (NoSuchTableException e) {
            throw GlossaException.internal("Cannot write rejects: " + e.getMessage())
                    .causedBy(e);
        }
    }

    private static Row row(TrainReject reject, Lineage lineage) {
        String id = JobKey.sha256(String.join("\n", lineage.job(), reject.utterance(), lineage.jobKey()));
        return RowFactory.create(id, lineage.job(), reject.utterance(), reject.code(), reject.detail(), lineage.run());
    }
}
