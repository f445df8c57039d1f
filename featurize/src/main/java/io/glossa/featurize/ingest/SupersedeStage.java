package io.glossa.featurize.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;

import io.glossa.featurize.lake.KeptStage;
import io.glossa.featurize.lake.WriterStage;
import io.glossa.storage.LakeTable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Takes out of the current tables what new versions of files supersede: their recordings, and of the utterances, transcripts
 * and features what is not just as it will be written. Earlier snapshots keep all of it.
 *
 * <p>The recordings go first, so that the files are unfinished until they are written again; what hangs on an utterance goes
 * before the utterance. So a run that was killed anywhere can be repeated. Only rows are taken that were there when the run
 * began: what another writes meanwhile stays.
 */
final class SupersedeStage implements AutoCloseable {
    private static final String[] FILE = {"recording_id", "recording_uri"};
    private static final Column[] UTTERANCE = {
        col("id"), col("recording_id"), col("recording_uri"), col("lang"), col("split"), col("speaker"), col("licence")
    };
    private static final Column[] TRANSCRIPT = {
        col("utterance_id"), col("kind"), col("generation"), col("teacher"), col("lang"), col("split"), col("raw_text")
    };
    private static final Column[] FEATURES = {col("utterance_id"), col("config_digest"), col("lang"), col("split")};

    private final WriterStage writer;
    private final TablesStage before;
    private final Dataset<Row> recordings;
    private final KeptStage utterances;
    private final KeptStage texts;
    private final boolean nothing;

    /**
     * @param uris of the files that were read, as {@code uri}
     * @param written the rows of utterances that will be written
     * @param said the human transcripts that will be written
     */
    SupersedeStage(
            SparkSession spark,
            WriterStage writer,
            TablesStage before,
            Dataset<Row> uris,
            Dataset<Row> written,
            Dataset<Row> said) {
        this.writer = writer;
        this.before = before;
        Dataset<Row> ids = written.select("recording_id").distinct();
        recordings = rowsOf(before.table(LakeTable.RECORDINGS), "uri", uris, "id", ids)
                .select("id", "uri", "bytes", "modified_ms");
        Dataset<Row> old = rowsOf(before.table(LakeTable.UTTERANCES), "recording_uri", uris, "recording_id", ids)
                .select(UTTERANCE);
        Dataset<Row> same = perFile(old).intersect(perFile(written.select(UTTERANCE)));
        utterances = new KeptStage(spark, old.join(same, FILE, "left_anti").select(UTTERANCE), old.schema());
        Dataset<Row> corrected = before.table(LakeTable.TRANSCRIPTS)
                .where(col("kind").equalTo("human"))
                .select(TRANSCRIPT)
                .join(old.select(col("id").as("utterance_id")), new String[] {"utterance_id"}, "left_semi")
                .join(said, new String[] {"utterance_id", "lang", "split", "raw_text"}, "left_anti")
                .select(TRANSCRIPT);
        texts = new KeptStage(spark, corrected, corrected.schema());
        nothing = recordings.select("id").union(old.select("id")).count() == 0;
    }

    /** Takes the rows out; the files' new rows are to be written next. */
    void takeAway() {
        if (nothing) {
            return;
        }
        writer.remove(LakeTable.RECORDINGS, recordings);
        writer.remove(LakeTable.TRANSCRIPTS, texts.rows());
        if (!utterances.rows().isEmpty()) {
            writer.remove(
                    LakeTable.TRANSCRIPTS,
                    madeOfThese(before.table(LakeTable.TRANSCRIPTS)).select(TRANSCRIPT));
            writer.remove(
                    LakeTable.FEATURES,
                    madeOfThese(before.table(LakeTable.FEATURES)).select(FEATURES));
            writer.remove(LakeTable.UTTERANCES, utterances.rows());
        }
    }

    /** Takes out what other jobs made of the utterances until these were gone; called when the new ones are written. */
    void takeAwayLate() {
        if (!nothing && !utterances.rows().isEmpty()) {
            Dataset<Row> now = writer.table(LakeTable.UTTERANCES);
            Dataset<Row> transcripts =
                    madeOfThese(writer.table(LakeTable.TRANSCRIPTS)).select(TRANSCRIPT);
            writer.remove(LakeTable.TRANSCRIPTS, WriterStage.gone(transcripts, now, "id"));
            Dataset<Row> features =
                    madeOfThese(writer.table(LakeTable.FEATURES)).select(FEATURES);
            writer.remove(LakeTable.FEATURES, WriterStage.gone(features, now, "id"));
        }
    }

    @Override
    public void close() {
        utterances.close();
        texts.close();
    }

    private Dataset<Row> madeOfThese(Dataset<Row> rows) {
        return rows.join(
                utterances.rows().select(col("id").as("utterance_id")), new String[] {"utterance_id"}, "left_semi");
    }

    /** The rows of a table that were made of one of the files, or hold the bytes that one has now. */
    private static Dataset<Row> rowsOf(
            Dataset<Row> table, String uriColumn, Dataset<Row> uris, String idColumn, Dataset<Row> ids) {
        return table.join(
                        uris.select(col("uri").as("of_uri")).distinct(),
                        col(uriColumn).equalTo(col("of_uri")),
                        "left")
                .join(ids.select(col("recording_id").as("of_id")), col(idColumn).equalTo(col("of_id")), "left")
                .where(col("of_uri").isNotNull().or(col("of_id").isNotNull()));
    }

    /** One row per file with all that is to be said of its utterances. */
    private static Dataset<Row> perFile(Dataset<Row> utterances) {
        return utterances
                .groupBy("recording_id", "recording_uri")
                .agg(sort_array(collect_set(struct(UTTERANCE))).as("rows"));
    }
}
