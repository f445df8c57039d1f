package io.glossa.featurize;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.sum;

import io.glossa.error.GlossaException;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Files to the tables recordings, utterances, transcripts and rejects.
 *
 * <p>Each file is read and decoded once, in a task. Rows are named by content and only those that a table lacks are
 * appended; a file's recording is written after everything else of it and so tells that the file is finished. Hence a run
 * that was killed at any moment can be repeated, and a repeated run adds nothing. A file whose name and length are known is
 * not read again; rejected files are.
 */
public final class IngestStage {
    /** The stage's name in {@code rejects.stage}. */
    public static final String STAGE = "ingest";

    private static final int FILES_PER_TASK = 500;

    private final SparkSession spark;
    private final IngestConfig config;
    private final Lineage lineage;
    private final AppendStage append;

    /** @param lineage what the commits carry */
    public IngestStage(SparkSession spark, Lake lake, IngestConfig config, Lineage lineage) {
        this.spark = spark;
        this.config = config;
        this.lineage = lineage;
        append = new AppendStage(spark, lake, lineage);
    }

    /**
     * Ingests the files; of two with the same URI the first counts.
     *
     * @throws GlossaException of type DATA, after the rejects were written and before anything else was, if more than
     *     {@link IngestConfig#maxRejectShare()} of the files are rejects
     */
    public StageSummary run(List<SourceFile> files) {
        Map<String, SourceFile> byUri = new LinkedHashMap<>();
        files.forEach(file -> byUri.putIfAbsent(file.uri(), file));
        Dataset<Row> read = read(List.copyOf(byUri.values()));
        try (KeptStage kept = new KeptStage(spark, read, IngestRowStage.READ)) {
            return write(kept.rows(), byUri.size());
        }
    }

    /** A row of {@link IngestRowStage#READ} for each file that is not finished. */
    private Dataset<Row> read(List<SourceFile> files) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<SerializableConfiguration> hadoop =
                context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
        IngestConfig how = config;
        int tasks = Math.max(4 * context.defaultParallelism(), files.size() / FILES_PER_TASK);
        Dataset<Row> finished = append.table(LakeTable.RECORDINGS)
                .select(col("uri"), col("bytes").as(IngestRowStage.KNOWN_BYTES));
        return spark.createDataFrame(files.stream().map(IngestRowStage::listed).toList(), IngestRowStage.LISTED)
                .join(finished, new String[] {"uri"}, "left")
                .repartition(Math.max(1, Math.min(files.size(), tasks)))
                .flatMap(
                        (FlatMapFunction<Row, Row>) row -> ingest(row, hadoop.value(), how),
                        Encoders.row(IngestRowStage.READ));
    }

    private static Iterator<Row> ingest(Row listed, SerializableConfiguration hadoop, IngestConfig config) {
        SourceFile file = IngestRowStage.file(listed);
        try {
            if (file.fault() != null) {
                throw new Refusal(file.fault().code(), file.fault().detail());
            }
            byte[] bytes = new SourceBytes(hadoop.value()).read(file.uri(), IngestRowStage.knownBytes(listed));
            return bytes == null
                    ? List.<Row>of().iterator()
                    : List.of(IngestRowStage.read(file, Recording.of(file, bytes, config)))
                            .iterator();
        } catch (Refusal refusal) {
            return List.of(IngestRowStage.refused(file, refusal)).iterator();
        }
    }

    private StageSummary write(Dataset<Row> read, long files) {
        Dataset<Row> refused = read.where(col("code").isNotNull());
        Map<String, Long> rejected = AppendStage.byCode(refused);
        append.rejects(STAGE, refused, "uri");
        checkShare(rejected, files);
        Dataset<Row> audio = read.where(col("code").isNull());
        Dataset<Row> duplicates = twins(audio);
        try (KeptStage kept = new KeptStage(spark, duplicates, duplicates.schema())) {
            Dataset<Row> twins = kept.rows();
            append.rejects(STAGE, twins, "uri");
            Dataset<Row> single = audio.join(twins.select("uri"), new String[] {"uri"}, "left_anti");
            long utterances = writeUtterances(single);
            writeTranscripts(single);
            long recordings = writeRecordings(single);
            Column mended = not(col("partial")).and(col("warning").isNotNull());
            Row totals = read.agg(
                            count(lit(1)),
                            count_if(col("partial")),
                            count_if(mended),
                            coalesce(sum("duration_s"), lit(0.0)))
                    .first();
            return new StageSummary(
                    files,
                    files - totals.getLong(0),
                    recordings,
                    utterances,
                    totals.getLong(1),
                    totals.getLong(2),
                    twins.count(),
                    rejected,
                    totals.getDouble(3));
        }
    }

    private void checkShare(Map<String, Long> rejected, long files) {
        long rejects = rejected.values().stream().mapToLong(Long::longValue).sum();
        if (rejects > config.maxRejectShare() * files) {
            throw GlossaException.data(String.format(
                    Locale.ROOT,
                    "Cannot ingest %d files: found %d rejects %s, expected at most %.1f %% (the table rejects names them;"
                            + " a higher max-reject-share goes on without them%s)",
                    files,
                    rejects,
                    rejected,
                    100 * config.maxRejectShare(),
                    rejected.containsKey(RejectCode.TEXT_ENCODING.name())
                            ? "; --encoding NAME says in which encoding the texts are"
                            : ""));
        }
    }

    /**
     * Files with the bytes of another: of a finished recording, or of another file of this run, of which one is taken, with
     * a transcript if any has one.
     */
    private Dataset<Row> twins(Dataset<Row> audio) {
        Dataset<Row> finished =
                append.table(LakeTable.RECORDINGS).select(col("id"), lit(true).as("finished"));
        return audio.select(col("uri"), col("id"), col("text"))
                .join(finished, new String[] {"id"}, "left")
                .withColumn(
                        "place",
                        row_number()
                                .over(Window.partitionBy("id")
                                        .orderBy(col("text").isNull(), col("uri"))))
                .where(col("place").gt(1).or(col("finished")))
                .select(
                        col("uri"),
                        sha2(concat_ws(":", lit(STAGE), col("uri"), lit(RejectCode.DUPLICATE.name())), 256)
                                .as("reject_id"),
                        lit(RejectCode.DUPLICATE.name()).as("code"),
                        concat_ws(" ", lit("the bytes of recording"), col("id")).as("detail"));
    }

    private long writeUtterances(Dataset<Row> audio) {
        Dataset<Row> cuts = audio.withColumn("cut", explode(col("cuts")))
                .select(
                        col("cut.id").as("id"),
                        col("id").as("recording_id"),
                        col("uri").as("recording_uri"),
                        col("cut.start_s"),
                        col("cut.end_s"),
                        col("cut.duration_s"),
                        col("speaker"),
                        col("lang"),
                        col("split"),
                        col("source"),
                        col("licence"),
                        col("cut.audio"));
        return append.append(LakeTable.UTTERANCES, cuts, "id");
    }

    private void writeTranscripts(Dataset<Row> audio) {
        Dataset<Row> texts = audio.where(col("text").isNotNull())
                .select(
                        col("cuts").getItem(0).getField("id").as("utterance_id"),
                        col("lang"),
                        col("split"),
                        col("text"),
                        coalesce(col("raw_text"), col("text")).as("raw_text"),
                        lit("human").as("kind"),
                        lit(0).as("generation"),
                        lit(null).cast("string").as("teacher"),
                        lit(null).cast("double").as("score"),
                        lit(null).cast("double").as("confidence"),
                        lit(null).cast("double").as("words_per_s"),
                        lit("accepted").as("verdict"));
        append.append(LakeTable.TRANSCRIPTS, texts, "utterance_id", "kind");
    }

    private long writeRecordings(Dataset<Row> audio) {
        List<Column> columns = new ArrayList<>();
        LakeTable.RECORDINGS.icebergSchema().columns().stream()
                .map(column -> column.name())
                .filter(name -> !name.equals("ingest_run"))
                .forEach(name -> columns.add(col(name)));
        columns.add(lit(lineage.run()).as("ingest_run"));
        return append.append(LakeTable.RECORDINGS, audio.select(columns.toArray(Column[]::new)), "id");
    }
}
