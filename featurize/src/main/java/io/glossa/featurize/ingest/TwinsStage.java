package io.glossa.featurize.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sha2;

import io.glossa.featurize.RejectCode;
import io.glossa.storage.LakeTable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/** Files with the bytes of another, of which only that one becomes a recording. */
final class TwinsStage {
    private TwinsStage() {}

    /**
     * Files with the bytes of a finished recording, or of another file of this run. Of several one is taken, with a transcript
     * if any has one; it takes the place of a finished recording that has none.
     *
     * @param audio what was read
     * @param uris of all files whose recordings, if there are any, are superseded
     * @return rows of rejects, as {@link #refused} makes them
     */
    static Dataset<Row> of(Dataset<Row> audio, Dataset<Row> uris, TablesStage before) {
        Dataset<Row> said = KnownFilesStage.said(before);
        Dataset<Row> finished = before.table(LakeTable.RECORDINGS)
                .select("id", "uri")
                .join(uris, new String[] {"uri"}, "left_anti")
                .join(
                        said,
                        col("id").equalTo(col("recording_id")).and(col("uri").equalTo(col("recording_uri"))))
                .groupBy("id")
                .agg(max(col("known_text").isNotNull()).as("finished_with_text"));
        return refused(audio.select("uri", "id", "labelled", "listed")
                .join(finished, new String[] {"id"}, "left")
                .withColumn(
                        "place",
                        row_number()
                                .over(Window.partitionBy("id")
                                        .orderBy(col("labelled").desc(), col("uri"))))
                .where(col("place")
                        .gt(1)
                        .or(col("finished_with_text")
                                .isNotNull()
                                .and(col("finished_with_text").or(not(col("labelled")))))));
    }

    /** The rows of rejects of such files. */
    static Dataset<Row> refused(Dataset<Row> files) {
        String code = RejectCode.DUPLICATE.name();
        return files.select(
                col("uri"),
                sha2(concat_ws(":", lit(IngestStage.STAGE), col("uri"), lit(code)), 256)
                        .as("reject_id"),
                lit(code).as("code"),
                concat_ws(" ", lit("the bytes of recording"), col("id")).as("detail"),
                col("listed"),
                col("id").as("recording_id"));
    }
}
