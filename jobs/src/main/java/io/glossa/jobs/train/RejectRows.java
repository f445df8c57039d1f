package io.glossa.jobs.train;

import io.glossa.config.Sha256;
import io.glossa.featurize.lake.WriterStage;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** Writes a training's rejects into the lake, once. */
final class RejectRows {
    private RejectRows() {}

    /** Appends the rows in one commit, but for those that a run with the same job key has. */
    static void write(SparkSession spark, Lake lake, Lineage lineage, List<TrainReject> rejects) {
        if (rejects.isEmpty()) {
            return;
        }
        WriterStage writer = new WriterStage(spark, lake, lineage);
        List<Row> rows = rejects.stream().map(reject -> row(reject, lineage)).toList();
        writer.append(
                LakeTable.REJECTS,
                spark.createDataFrame(rows, writer.table(LakeTable.REJECTS).schema())
                        .coalesce(1)
                        .dropDuplicates("id"));
    }

    private static Row row(TrainReject reject, Lineage lineage) {
        String id = Sha256.of(String.join("\n", lineage.job(), reject.utterance(), lineage.jobKey()));
        return RowFactory.create(id, lineage.job(), reject.utterance(), reject.code(), reject.detail(), lineage.run());
    }
}
