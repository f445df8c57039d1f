package io.glossa.jobs.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;

import io.glossa.featurize.lake.WriterStage;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Writes a training's rejects into the lake, once. */
final class RejectRows {
    private static final int SHA_BITS = 256;

    private RejectRows() {}

    /**
     * Appends the rows in one commit, but for those that a run with the same job key has.
     *
     * @param rejects {@code utterance_id}, {@code code} and {@code detail}
     */
    static void write(SparkSession spark, Lake lake, Lineage lineage, Dataset<Row> rejects) {
        WriterStage writer = new WriterStage(spark, lake, lineage);
        Column id = sha2(concat_ws("\n", lit(lineage.job()), col("utterance_id"), lit(lineage.jobKey())), SHA_BITS);
        writer.append(
                LakeTable.REJECTS,
                rejects.select(
                                id.as("id"),
                                lit(lineage.job()).as("stage"),
                                col("utterance_id").as("source"),
                                col("code"),
                                col("detail"),
                                lit(lineage.run()).as("run"))
                        .dropDuplicates("id"));
    }
}
