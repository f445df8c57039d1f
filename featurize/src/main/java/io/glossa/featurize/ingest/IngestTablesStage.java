package io.glossa.featurize.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;

import io.glossa.storage.LakeTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The files that were read ({@link IngestRowStage#READ}) as rows of the tables. */
final class IngestTablesStage {
    private IngestTablesStage() {}

    /** A row of utterances for each cut. */
    static Dataset<Row> utterances(Dataset<Row> audio) {
        return audio.withColumn("cut", explode(col("cuts")))
                .select(
                        col("cut.id").as("id"),
                        col("id").as("recording_id"),
                        col("uri").as("recording_uri"),
                        col("cut.start_s"),
                        col("cut.end_s"),
                        col("cut.duration_s"),
                        col("cut.speaker"),
                        col("cut.lang"),
                        col("split"),
                        col("source"),
                        col("licence"),
                        col("cut.audio"),
                        col("cut.order_hash"),
                        col("cut.length_class"));
    }

    /** A row of transcripts for each cut with a text. */
    static Dataset<Row> transcripts(Dataset<Row> audio) {
        return audio.withColumn("cut", explode(col("cuts")))
                .where(col("cut.text").isNotNull())
                .select(
                        col("cut.id").as("utterance_id"),
                        col("cut.lang"),
                        col("split"),
                        col("cut.text"),
                        col("cut.raw_text"),
                        lit("human").as("kind"),
                        lit(0).as("generation"),
                        lit(null).cast("string").as("teacher"),
                        lit(null).cast("double").as("score"),
                        lit(null).cast("double").as("confidence"),
                        lit(null).cast("double").as("words_per_s"),
                        lit("accepted").as("verdict"));
    }

    /** A row of recordings for each file. */
    static Dataset<Row> recordings(Dataset<Row> audio, String run) {
        List<Column> columns = new ArrayList<>();
        LakeTable.RECORDINGS.icebergSchema().columns().stream()
                .map(column -> column.name())
                .filter(name -> !name.equals("ingest_run"))
                .forEach(name -> columns.add(col(name)));
        columns.add(lit(run).as("ingest_run"));
        return audio.select(columns.toArray(Column[]::new));
    }
}
