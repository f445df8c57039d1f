package io.glossa.jobs.demo;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.sum;

import io.glossa.jobs.report.Report.DataShare;
import io.glossa.jobs.report.Report.Rejects;
import io.glossa.jobs.report.Spectrogram;
import io.glossa.storage.Half;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What the lake itself can say for the report.
 *
 * @param frontEnd digest of the front end whose features count
 */
record LakeFacts(SparkSession spark, String frontEnd) {
    private static final double FRAMES_PER_MINUTE = 6000;
    private static final int EXAMPLES = 3;

    List<DataShare> data() {
        return features()
                .groupBy("lang", "split")
                .agg(count(lit(1)), sum("n_frames"))
                .orderBy("lang", "split")
                .collectAsList()
                .stream()
                .map(row -> new DataShare(
                        row.getString(0), row.getString(1), row.getLong(2), row.getLong(3) / FRAMES_PER_MINUTE))
                .toList();
    }

    List<Rejects> rejects() {
        Dataset<Row> files = table("utterances").select(col("id"), col("recording_uri"));
        return table("rejects")
                .join(files, col("source").equalTo(files.col("id")), "left")
                .withColumn("source", coalesce(col("recording_uri"), col("source")))
                .groupBy("stage", "code")
                .agg(count(lit(1)), slice(sort_array(collect_set("source")), 1, EXAMPLES))
                .orderBy("stage", "code")
                .collectAsList()
                .stream()
                .map(row -> new Rejects(row.getString(0), row.getString(1), row.getLong(2), fileNames(row.getList(3))))
                .toList();
    }

    Map<String, Long> warnings() {
        Map<String, Long> warnings = new TreeMap<>();
        table("recordings")
                .where(col("warning").isNotNull())
                .groupBy("warning")
                .count()
                .collectAsList()
                .forEach(row -> warnings.put(String.valueOf(row.get(0)), row.getLong(1)));
        return warnings;
    }

    /** Pictures of the features of these utterances, PNG by id. */
    Map<String, byte[]> spectrograms(List<String> utterances) {
        Map<String, byte[]> pictures = new HashMap<>();
        features()
                .where(col("utterance_id").isin(utterances.toArray()))
                .select("utterance_id", "logmel", "n_mels")
                .collectAsList()
                .forEach(row -> pictures.put(
                        row.getString(0), Spectrogram.png(Half.decode(ByteBuffer.wrap(row.getAs(1))), row.getInt(2))));
        return pictures;
    }

    /** The last parts of URIs; what is none stays as it is. */
    private static List<String> fileNames(List<String> uris) {
        return uris.stream()
                .map(uri -> {
                    try {
                        String path = new URI(uri).getPath();
                        return path == null ? uri : path.substring(path.lastIndexOf('/') + 1);
                    } catch (URISyntaxException e) {
                        return uri;
                    }
                })
                .toList();
    }

    private Dataset<Row> features() {
        return table("features").where(col("config_digest").equalTo(frontEnd));
    }

    private Dataset<Row> table(String name) {
        return spark.table("lake.glossa." + name);
    }
}
