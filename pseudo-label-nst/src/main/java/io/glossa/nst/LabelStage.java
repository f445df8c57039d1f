package io.glossa.nst;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.sum;

import io.glossa.error.GlossaException;
import io.glossa.featurize.lake.KeptStage;
import io.glossa.featurize.lake.WriteCounts;
import io.glossa.featurize.lake.WriterStage;
import io.glossa.nst.FilterYield.Judged;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.util.SnapshotUtil;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A teacher labels the utterances of some splits: one row of {@code transcripts} each, accepted or with the reason why not.
 * All rows arrive in one commit, which names the job; an utterance that this teacher labelled in this generation before is
 * left as it is.
 */
public final class LabelStage {
    /** The code of an utterance that is longer than a model recognises at once. */
    public static final String TOO_LONG = "too-long";

    /** The code of an utterance that another version of its recording replaced while it was recognised. */
    public static final String SUPERSEDED = "superseded";

    private static final String STAGE = "label";
    private static final String TRANSCRIPTS = Lake.nameOf(LakeTable.TRANSCRIPTS);

    private LabelStage() {}

    /** As below, of all utterances. */
    public static LabelSummary run(
            SparkSession spark, Lake lake, LabelConfig config, Teacher teacher, Lineage lineage) {
        return run(spark, lake, config, teacher, lineage, Optional.empty());
    }

    /**
     * Labels what is not labelled yet.
     *
     * @param lineage names this run, this work and what it reads; see {@link #lineage}
     * @param without utterances to leave out: {@code utterance_id}, {@code code} and {@code detail}, one row for each
     * @throws GlossaException of type USER if this teacher's labels of this generation were filtered in another way, or
     *     there are no features that it hears
     */
    public static LabelSummary run(
            SparkSession spark,
            Lake lake,
            LabelConfig config,
            Teacher teacher,
            Lineage lineage,
            Optional<Dataset<Row>> without) {
        lake.table(LakeTable.TRANSCRIPTS);
        String frontEnd = RecognizeStage.frontEnd(lake, config.features(), teacher, STAGE);
        Dataset<Row> all = RecognizeStage.features(spark, config.features(), frontEnd, config.splits());
        Dataset<Row> features = without.map(some -> all.join(some, new String[] {"utterance_id"}, "left_anti"))
                .orElse(all);
        Optional<Snapshot> done = lake.completed(LakeTable.TRANSCRIPTS, lineage.jobKey());
        WriterStage writer = new WriterStage(spark, lake, lineage);
        if (done.isEmpty()) {
            without.ifPresent(some -> writer.rejects(STAGE, leftOut(some), "utterance_id"));
        }
        long added = done.isPresent() ? 0 : write(spark, lake, config, teacher, features, writer);
        Snapshot written = done.or(() -> lake.completed(LakeTable.TRANSCRIPTS, lineage.jobKey()))
                .orElseThrow();
        Map<String, Long> rejected =
                new TreeMap<>(without.map(WriterStage::byCode).orElse(Map.of()));
        return summary(features, labels(spark, config, teacher), added, written, rejected, writer.counts());
    }

    private static long write(
            SparkSession spark,
            Lake lake,
            LabelConfig config,
            Teacher teacher,
            Dataset<Row> features,
            WriterStage writer) {
        requireSameFilters(lake, config, teacher);
        writer.rejects(STAGE, refused(RecognizeStage.tooLong(features)), "utterance_id");
        Dataset<Row> labels = label(unlabelled(features, labels(spark, config, teacher)), config, teacher);
        try (KeptStage kept = new KeptStage(spark, labels, labels.schema())) {
            long added = writer.commit(LakeTable.TRANSCRIPTS, () -> {
                requireSameFilters(lake, config, teacher);
                return kept.rows();
            });
            Dataset<Row> keys = kept.rows().select("utterance_id", "kind", "generation", "teacher", "lang", "split");
            long gone = writer.withdraw(
                            LakeTable.TRANSCRIPTS, keys, LakeTable.FEATURES, "utterance_id", config.features())
                    .count();
            return added - gone;
        } finally {
            RecognizeStage.release();
        }
    }

    /** What the snapshots of this work say of it. */
    public static Lineage lineage(LabelConfig config, Teacher teacher, String run, String codeVersion) {
        return new Lineage(
                STAGE,
                run,
                config.jobKey(teacher),
                Map.of(LakeTable.FEATURES.tableName(), config.features()),
                config.filtersDigest(),
                codeVersion,
                teacher.digest());
    }

    /** This teacher's labels of this generation, as they are now. */
    private static Dataset<Row> labels(SparkSession spark, LabelConfig config, Teacher teacher) {
        return spark.table(TRANSCRIPTS)
                .where(col("kind").equalTo("pseudo"))
                .where(col("generation").equalTo(config.generation()))
                .where(col("teacher").equalTo(teacher.digest()));
    }

    private static Dataset<Row> unlabelled(Dataset<Row> features, Dataset<Row> labels) {
        return features.join(
                labels.select(col("utterance_id").as("present")),
                col("utterance_id").equalTo(col("present")),
                "left_anti");
    }

    private static Dataset<Row> label(Dataset<Row> features, LabelConfig config, Teacher teacher) {
        StructType schema = features.sparkSession().table(TRANSCRIPTS).schema();
        FilterConfig filters = config.filters();
        int generation = config.generation();
        String digest = teacher.digest();
        return RecognizeStage.hypotheses(features, teacher)
                .dropDuplicates("utterance_id")
                .map(
                        (MapFunction<Row, Row>)
                                row -> transcript(RecognizeStage.hypothesis(row), filters, generation, digest),
                        Encoders.row(schema));
    }

    private static Row transcript(Hypothesis heard, FilterConfig filters, int generation, String teacher) {
        return RowFactory.create(
                heard.utterance(),
                heard.lang(),
                heard.split(),
                heard.text(),
                heard.text(),
                "pseudo",
                generation,
                teacher,
                heard.score(),
                heard.confidence(),
                heard.wordsPerSecond(),
                Filter.verdict(heard, filters));
    }

    private static void requireSameFilters(Lake lake, LabelConfig config, Teacher teacher) {
        for (Snapshot snapshot : SnapshotUtil.currentAncestors(lake.table(LakeTable.TRANSCRIPTS))) {
            Optional<Lineage> earlier =
                    Lineage.of(snapshot).filter(l -> l.jobKey().startsWith(config.batch(teacher) + " "));
            if (earlier.isPresent() && !earlier.get().configDigest().equals(config.filtersDigest())) {
                throw GlossaException.user("Cannot label generation " + config.generation()
                        + " with these filters: this teacher's labels of it were filtered in another way (run "
                        + earlier.get().run() + "), expected the same filters (or choose another generation)");
            }
        }
    }

    private static Dataset<Row> refused(Dataset<Row> tooLong) {
        return tooLong.select(
                        sha2(concat_ws("|", lit(STAGE), col("utterance_id"), lit(TOO_LONG)), 256)
                                .as("reject_id"),
                        col("utterance_id"),
                        lit(TOO_LONG).as("code"),
                        concat_ws("", col("n_frames"), lit(" frames, expected at most " + Teacher.longestFrames()))
                                .as("detail"))
                .dropDuplicates("reject_id");
    }

    private static Dataset<Row> leftOut(Dataset<Row> some) {
        return some.select(
                sha2(concat_ws("|", lit(STAGE), col("utterance_id"), col("code")), 256)
                        .as("reject_id"),
                col("utterance_id"),
                col("code"),
                col("detail"));
    }

    private static LabelSummary summary(
            Dataset<Row> features,
            Dataset<Row> labels,
            long added,
            Snapshot written,
            Map<String, Long> rejected,
            WriteCounts writes) {
        Dataset<Row> lengths = features.select(col("utterance_id").as("id"), col("n_frames"));
        List<Row> cells = labels.join(lengths, col("utterance_id").equalTo(col("id")))
                .groupBy("lang", "verdict")
                .agg(count(lit(1)), sum("n_frames"))
                .collectAsList();
        List<Judged> judged = cells.stream()
                .map(cell -> new Judged(
                        cell.getString(0), cell.getString(1), cell.getLong(2), Teacher.seconds(cell.getLong(3))))
                .toList();
        long tooLong = RecognizeStage.tooLong(features).count();
        long utterances = judged.stream().mapToLong(Judged::utterances).sum();
        rejected.put(TOO_LONG, tooLong);
        rejected.put(SUPERSEDED, features.select("utterance_id").distinct().count() - tooLong - utterances);
        rejected.values().removeIf(count -> count <= 0);
        return new LabelSummary(
                utterances,
                added,
                judged.stream()
                        .filter(cell -> cell.verdict().equals(Filter.ACCEPTED))
                        .mapToLong(Judged::utterances)
                        .sum(),
                judged.stream().mapToDouble(Judged::seconds).sum(),
                FilterYield.of(judged),
                rejected,
                written.snapshotId(),
                writes);
    }
}
