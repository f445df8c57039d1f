package io.glossa.featurize.ingest;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import io.glossa.storage.LakeTable;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/** Keeps out what was forgotten: {@link LakeTable#FORGOTTEN}, a list of digests that every task gets. */
final class ForgottenStage {
    private static final String FOUND = "is_forgotten";

    private final Dataset<Row> forgotten;
    private final boolean nothing;

    /** @param forgotten the table */
    ForgottenStage(Dataset<Row> forgotten) {
        this.forgotten = forgotten;
        nothing = forgotten.isEmpty();
    }

    /** Rows of {@link IngestRowStage#READ}, of which those are refused whose bytes are a forgotten recording's. */
    Dataset<Row> refuse(Dataset<Row> read) {
        if (nothing) {
            return read;
        }
        Dataset<Row> recordings =
                ids("recording").withColumnRenamed("forgotten_id", "id").withColumn(FOUND, lit(true));
        return read.join(broadcast(recordings), new String[] {"id"}, "left")
                .map(
                        (MapFunction<Row, Row>) row -> row.getAs(FOUND) != null && row.getAs("cuts") != null
                                ? refused(row)
                                : IngestRowStage.read(row),
                        Encoders.row(IngestRowStage.READ));
    }

    private static Row refused(Row row) {
        return IngestRowStage.refused(
                row,
                new Refusal(RejectCode.FORGOTTEN, "these bytes were forgotten at somebody's request, and stay away"));
    }

    /** Rows whose utterance was not forgotten by itself, as one of several who speak in a recording. */
    Dataset<Row> without(Dataset<Row> rows, String utterance) {
        return nothing
                ? rows
                : rows.join(broadcast(ids("utterance")), col(utterance).equalTo(col("forgotten_id")), "left_anti");
    }

    private Dataset<Row> ids(String kind) {
        return forgotten.where(col("kind").equalTo(kind)).select(col("id").as("forgotten_id"));
    }
}
