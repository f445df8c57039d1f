package io.glossa.featurize.text;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.glossa.error.GlossaException;
import io.glossa.featurize.Ids;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.lake.KeptStage;
import io.glossa.featurize.lake.WorkStage;
import io.glossa.featurize.lake.WriterStage;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Files of a sentence a line to the tables sentences and rejects.
 *
 * <p>A sentence is named by its language and normalised text, and only those are added that the table lacks; so a run that was
 * killed at any moment can be repeated, and of two runs at once neither writes what the other does. What is refused is a row
 * for each file and code.
 */
public final class TextStage {
    /** The stage's name in {@code rejects.stage}. */
    public static final String STAGE = "ingest-text";

    private static final int TASKS_PER_CORE = 4;
    private static final StructType REJECTS = new StructType()
            .add("reject_id", DataTypes.StringType)
            .add("uri", DataTypes.StringType)
            .add("code", DataTypes.StringType)
            .add("detail", DataTypes.StringType);

    private final SparkSession spark;
    private final TextConfig config;
    private final WriterStage writer;

    /** @param lineage what the commits carry */
    public TextStage(SparkSession spark, Lake lake, TextConfig config, Lineage lineage) {
        this.spark = spark;
        this.config = config;
        writer = new WriterStage(spark, lake, lineage);
    }

    /**
     * Ingests the lines of these parts, at least one.
     *
     * @throws GlossaException of type DATA, after the rejects were written and before anything else was, if more than
     *     {@link TextConfig#maxRejectShare} of the lines are in another encoding or too long
     */
    public TextSummary run(List<TextPart> parts) {
        try (KeptStage kept = new KeptStage(spark, read(parts), TextRowStage.SCHEMA)) {
            return write(kept.rows());
        }
    }

    private Dataset<Row> read(List<TextPart> parts) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<SerializableConfiguration> hadoop =
                context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
        LongAccumulator done = WorkStage.counter(spark);
        long bytes = parts.stream().mapToLong(part -> part.end() - part.start()).sum();
        long tasks = Math.max(TASKS_PER_CORE * context.defaultParallelism(), bytes / TextPart.PART_BYTES);
        TextConfig how = config;
        return spark.createDataFrame(
                context.parallelize(parts, (int) Math.min(parts.size(), tasks)).flatMap(part -> {
                    done.add(1);
                    return new TextRowStage(part, how, hadoop.value().value());
                }),
                TextRowStage.SCHEMA);
    }

    private TextSummary write(Dataset<Row> lines) {
        Map<String, Long> rejected = WriterStage.byCode(lines.where(col("code").isNotNull()));
        long all = lines.count();
        long rejects = rejected.values().stream().mapToLong(Long::longValue).sum();
        if (rejects > 0) {
            writer.rejects(STAGE, rejects(lines), "uri");
        }
        requireFew(rejected, all);
        Dataset<Row> distinct =
                lines.where(col("code").isNull()).select("id", "text").dropDuplicates("id");
        try (KeptStage kept = new KeptStage(spark, distinct, distinct.schema())) {
            long sentences = kept.rows().count();
            long added = sentences == 0 ? 0 : writer.append(LakeTable.SENTENCES, sentences(kept.rows()));
            return new TextSummary(
                    all, added, all - rejects - sentences, sentences - added, rejected, languages(), writer.counts());
        }
    }

    private Dataset<Row> sentences(Dataset<Row> distinct) {
        return distinct.withColumn("lang", lit(config.lang()))
                .withColumn("source", lit(config.source()))
                .withColumn("licence", lit(config.licence()));
    }

    /** A row for each file and code: how many lines, and the first of them. */
    private Dataset<Row> rejects(Dataset<Row> lines) {
        Column detail = when(col("first.offset").isNull(), col("first.detail"))
                .otherwise(concat(
                        col("lines").cast("string"),
                        lit(" lines, the first at byte "),
                        col("first.offset").cast("string"),
                        lit(": "),
                        col("first.detail")));
        List<Row> rows = lines
                .where(col("code").isNotNull())
                .groupBy("uri", "code")
                .agg(count(lit(1)).as("lines"), min(struct("offset", "detail")).as("first"))
                .select(col("uri"), col("code"), detail)
                .collectAsList()
                .stream()
                .map(row -> RowFactory.create(
                        Ids.reject(STAGE, row.getString(0), RejectCode.valueOf(row.getString(1))),
                        row.getString(0),
                        row.getString(1),
                        row.getString(2)))
                .toList();
        return spark.createDataFrame(rows, REJECTS);
    }

    private void requireFew(Map<String, Long> rejected, long lines) {
        long texts = lines - rejected.getOrDefault(RejectCode.NO_TEXT.name(), 0L);
        long bad = rejected.getOrDefault(RejectCode.TEXT_ENCODING.name(), 0L)
                + rejected.getOrDefault(RejectCode.TOO_LONG.name(), 0L);
        if (bad > config.maxRejectShare() * texts) {
            throw GlossaException.data(String.format(
                    Locale.ROOT,
                    "Cannot ingest %,d lines: found %,d rejects %s, expected at most %.1f %% of the lines with a text (a"
                            + " sentence a line in UTF-8; the table rejects names the files; --max-bytes takes longer lines,"
                            + " a higher --max-reject-share goes on without them)",
                    lines,
                    bad,
                    new TreeMap<>(rejected),
                    100 * config.maxRejectShare()));
        }
    }

    private Map<String, Long> languages() {
        Map<String, Long> languages = new TreeMap<>();
        writer.table(LakeTable.SENTENCES)
                .groupBy("lang")
                .count()
                .collectAsList()
                .forEach(row -> languages.put(row.getString(0), row.getLong(1)));
        return languages;
    }
}
