package io.glossa.featurize.ingest;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;

import io.glossa.storage.LakeTable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the lake knows of listed files, as the tables were when the run began.
 *
 * <p>A file is known by its URI. A recording that was read before times of change were kept has none, and its file counts as
 * unchanged while its length is the same; the time is noted then, and the next change is seen.
 */
final class KnownFilesStage {
    private KnownFilesStage() {}

    /**
     * Adds to the files what is known of them: {@link IngestRowStage#KNOWN_ID}, {@link IngestRowStage#KNOWN_BYTES}, {@link
     * IngestRowStage#KNOWN_MODIFIED} and {@link IngestRowStage#AS_LISTED}. Of a file with more than one recording it is only
     * known that it must be read.
     */
    static Dataset<Row> join(Dataset<Row> listed, TablesStage before) {
        Dataset<Row> files = before.table(LakeTable.RECORDINGS)
                .groupBy("uri")
                .agg(
                        min("id").as(IngestRowStage.KNOWN_ID),
                        count(lit(1)).as("versions"),
                        min("bytes").as(IngestRowStage.KNOWN_BYTES),
                        min("modified_ms").as(IngestRowStage.KNOWN_MODIFIED));
        Dataset<Row> known = files.join(
                said(before),
                col(IngestRowStage.KNOWN_ID)
                        .equalTo(col("recording_id"))
                        .and(col("uri").equalTo(col("recording_uri"))),
                "left");
        Column text = when(col("text").isNotNull(), rawText());
        Column asListed = col("versions")
                .equalTo(1)
                .and(col("known_text").eqNullSafe(text))
                .and(col("known_lang").eqNullSafe(col("lang")))
                .and(col("known_split").eqNullSafe(col("split")))
                .and(col("known_speaker").eqNullSafe(col("speaker")))
                .and(col("known_licence").eqNullSafe(col("licence")));
        return listed.join(known, new String[] {"uri"}, "left").withColumn(IngestRowStage.AS_LISTED, asListed);
    }

    /** The text of a listed file as it came, where it has one. */
    static Column rawText() {
        return coalesce(col("raw_text"), col("text"));
    }

    /** What the utterances of each recording say of it; {@code known_text} is null if no person transcribed it. */
    static Dataset<Row> said(TablesStage before) {
        Dataset<Row> texts = before.table(LakeTable.TRANSCRIPTS)
                .where(col("kind").equalTo("human"))
                .select(col("utterance_id"), col("raw_text"));
        Dataset<Row> utterances = before.table(LakeTable.UTTERANCES);
        return utterances
                .join(texts, utterances.col("id").equalTo(texts.col("utterance_id")), "left")
                .groupBy("recording_id", "recording_uri")
                .agg(
                        max("raw_text").as("known_text"),
                        min("lang").as("known_lang"),
                        min("split").as("known_split"),
                        min("speaker").as("known_speaker"),
                        min("licence").as("known_licence"));
    }
}
