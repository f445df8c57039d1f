package io.glossa.featurize.ingest;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.when;

import io.glossa.featurize.RejectCode;
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
    /** The column that {@link #withRefused} adds. */
    static final String REFUSED = "refused";

    private KnownFilesStage() {}

    /**
     * The files that are not finished, or of which the listing says something else than when they were, with what is known of
     * them ({@link IngestRowStage#KNOWN_ID} and others). Of a file with more than one recording it is only known that it must be read.
     */
    static Dataset<Row> unfinished(Dataset<Row> listed, TablesStage before) {
        Dataset<Row> files = before.table(LakeTable.RECORDINGS)
                .groupBy("uri")
                .agg(
                        min("id").as(IngestRowStage.KNOWN_ID),
                        count(lit(1)).as(IngestRowStage.VERSIONS),
                        min("bytes").as(IngestRowStage.KNOWN_BYTES),
                        min("modified_ms").as(IngestRowStage.KNOWN_MODIFIED),
                        min("domain").as("known_domain"),
                        min("listed").as("known_listed"));
        Dataset<Row> changed = listed.join(files, new String[] {"uri"}, "left")
                .where(not(coalesce(
                        col("listed")
                                .equalTo(col("known_listed"))
                                .and(col(IngestRowStage.VERSIONS).equalTo(1)),
                        lit(false))));
        return changed.join(
                        said(before),
                        col(IngestRowStage.KNOWN_ID)
                                .equalTo(col("recording_id"))
                                .and(col("uri").equalTo(col("recording_uri"))),
                        "left")
                .drop("recording_id", "recording_uri", "known_listed");
    }

    /**
     * Adds to files that are not finished the code for which an earlier run refused them, where their listing and the settings
     * are the same; of a duplicate only while the recording whose bytes it has is finished.
     *
     * @param settings {@link IngestConfig#digest()}
     */
    static Dataset<Row> withRefused(Dataset<Row> files, Dataset<Row> rejects, TablesStage before, String settings) {
        Dataset<Row> named = rejects.where(col("stage")
                        .equalTo(IngestStage.STAGE)
                        .and(col("listed").isNotNull()))
                .select(
                        col("source").as("uri"),
                        col("code"),
                        col("recording_id"),
                        col("listed").as("refused_as"));
        Dataset<Row> finished = before.table(LakeTable.RECORDINGS)
                .select("id", "uri")
                .join(files.select("uri"), new String[] {"uri"}, "left_anti")
                .select(col("id").as("recording_id"), lit(true).as("is_finished"))
                .distinct();
        Dataset<Row> refused = named.join(finished, new String[] {"recording_id"}, "left")
                .where(col("code").notEqual(RejectCode.DUPLICATE.name()).or(col("is_finished")))
                .groupBy("uri", "refused_as")
                .agg(min("code").as(REFUSED));
        return files.withColumn("refused_as", when(col(IngestRowStage.KNOWN_ID).isNull(), refusedAs(settings)))
                .join(refused, new String[] {"uri", "refused_as"}, "left")
                .drop("refused_as");
    }

    /** What a reject notes of the listing and of the settings; null where the listing says nothing. */
    static Column refusedAs(String settings) {
        return sha2(concat(col("listed"), lit(settings)), 256);
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
