package io.glossa.jobs.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.sum;

import io.glossa.error.GlossaException;
import io.glossa.featurize.lake.KeptStage;
import io.glossa.jobs.consent.Bars;
import io.glossa.jobs.consent.Terms;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Census;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.SnapshotSummary;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * What is done once before the ranks start, however often a training is resumed: Spark counts the utterances, writes the texts
 * that they learn in the order in which they are read, and the reasons why others are refused. Whether consent allows the use of
 * what is counted is looked at each time.
 */
final class CensusTaking {
    private static final int PAGE_ROWS = 500;
    private static final int HASH_BITS = 63;
    private static final Column USED = col("code").isNull();
    private static final String TRAIN = "train";
    private static final double FRAMES_PER_HOUR = 3600 * Bucket.FRAMES_PER_SECOND;

    /**
     * What is to be counted.
     *
     * @param identity names it
     * @param table with a row for each utterance
     * @param snapshot of the table
     * @param hasTexts whether it has texts
     * @param leavesOut whether what may not be used is left out
     */
    record Of(Map<String, String> identity, LakeTable table, long snapshot, boolean hasTexts, boolean leavesOut) {
        static Of data(TrainData data, Buckets buckets) {
            return new Of(
                    CensusFile.identity(data, buckets),
                    data.origin().table(),
                    data.features(),
                    data.labelled(),
                    data.terms().leavesOut());
        }
    }

    private final SparkSession spark;
    private final Lake lake;
    private final Lineage lineage;
    private final Of of;
    private final Buckets buckets;
    private final Folder folder;

    CensusTaking(SparkSession spark, Lake lake, Lineage lineage, Of of, Buckets buckets, Folder folder) {
        this.spark = spark;
        this.lake = lake;
        this.lineage = lineage;
        this.of = of;
        this.buckets = buckets;
        this.folder = folder;
    }

    /**
     * Of the utterances of these data, into a run's folder, unless it is there.
     *
     * @throws io.glossa.error.GlossaException of type USER if there are some among them that may not be used and are not left out
     */
    static void of(SparkSession spark, Lake lake, Lineage lineage, TrainData data, Buckets buckets, Folder folder) {
        CensusTaking census = new CensusTaking(spark, lake, lineage, Of.data(data, buckets), buckets, folder);
        Bars today = Bars.of(spark, lake, Terms.now(lake, data.terms().usage()));
        if (census.isTaken()) {
            today.requireNone(census.counted(data), TRAIN, Bars.BEGUN);
            return;
        }
        if (!data.terms().emptied().isEmpty()) {
            throw GlossaException.data(
                    "Cannot train in " + folder + ": found no plan of these data, expected that of the"
                            + " training whose places are empty (lineage forget --replay brings it)");
        }
        boolean leavesOut = data.terms().leavesOut();
        Bars bars = leavesOut ? Bars.of(spark, lake, data.terms()) : today;
        if (!data.labelled()) {
            Dataset<Row> rows = TrainRows.unlabelled(spark, data, buckets, bars);
            if (!leavesOut) {
                bars.requireNone(rows.where(USED), TRAIN, Bars.BEFORE);
            }
            census.take(rows, Map.of(), 0, 1);
            return;
        }
        TrainTexts texts = TrainTexts.of(spark, data, bars);
        Dataset<Row> dear = TrainRows.labelled(spark, data, buckets, texts, bars);
        long times = (long) Math.ceil(Math.max(1, data.pseudo().weight()));
        try (KeptStage kept = new KeptStage(spark, dear, TrainRows.SCHEMA)) {
            if (!leavesOut) {
                Dataset<Row> used = kept.rows().where(USED).select("utterance_id");
                bars.requireNone(used.union(texts.human().select("utterance_id")), TRAIN, Bars.BEFORE);
            }
            census.take(kept.rows(), texts.symbols().config(), texts.unknownShare(), times);
        }
    }

    /** Where the texts are, in a run's folder. */
    static Folder labels(Folder folder) {
        return folder.resolve("labels");
    }

    /** Where the names are of what is left out, though it has no texts, in a run's folder. */
    static Folder leftOut(Folder folder) {
        return folder.resolve("left-out");
    }

    /** Where the names are of those that were forgotten, though it has no texts, in a run's folder. */
    static Folder emptied(Folder folder) {
        return folder.resolve("emptied");
    }

    /** The utterances of a census that was taken. */
    private Dataset<Row> counted(TrainData data) {
        return data.labelled()
                ? spark.read().parquet(labels(folder).uri()).where(col("text").notEqual(""))
                : counted(spark, data, buckets, folder);
    }

    /** The same where there are no texts: rows of {@link TrainRows#SCHEMA}. */
    static Dataset<Row> counted(SparkSession spark, TrainData data, Buckets buckets, Folder folder) {
        Dataset<Row> all = TrainRows.unlabelled(spark, data, buckets, Bars.NONE).where(USED);
        return data.terms().leavesOut()
                ? all.join(spark.read().parquet(leftOut(folder).uri()), new String[] {"utterance_id"}, "left_anti")
                : all;
    }

    /** Whether it is in the folder. */
    boolean isTaken() {
        return CensusFile.find(folder, of.identity()).isPresent();
    }

    /**
     * Takes it.
     *
     * @param rows of {@link TrainRows#SCHEMA}
     * @param symbols of the texts
     * @param times that a pass holds each, at most
     */
    void take(Dataset<Row> rows, Map<String, String> symbols, double unknownShare, long times) {
        forget();
        Census census = census(rows, unknownShare, times);
        if (!census.rejected().isEmpty()) {
            RejectRows.write(spark, lake, lineage, rows.where(col("code").isNotNull()));
        }
        census.requireSome();
        if (of.hasTexts()) {
            write(rows.where(USED), labels(folder));
        } else if (of.leavesOut()) {
            write(rows.where(not(USED).and(col("bucket").isNotNull())), leftOut(folder));
        }
        new CensusFile(of.identity(), symbols, census).write(folder);
    }

    /** In the order in which {@link io.glossa.trainer.lake.Labels} reads. */
    static void write(Dataset<Row> rows, Folder to) {
        rows.select("bucket", "order_hash", "utterance_id", "copy", "n_frames", "text")
                .orderBy("bucket", "order_hash", "utterance_id", "copy")
                .write()
                .option("parquet.page.row.count.limit", PAGE_ROWS)
                .mode(SaveMode.Overwrite)
                .parquet(to.uri());
    }

    /** A census of other data must not be found beside texts of these, should this one end half-way. */
    private void forget() {
        try {
            folder.delete(CensusFile.NAME);
        } catch (IOException e) {
            throw GlossaException.resource(
                            "Cannot delete " + folder.file(CensusFile.NAME) + ": " + e + ", expected a writable folder")
                    .causedBy(e);
        }
    }

    /** Counts in as many blocks as there may be, then in as many as there are, of which each is several of those. */
    private Census census(Dataset<Row> rows, double unknownShare, long times) {
        int most = Census.blocks(mostUtterances(times));
        int[][] counts = new int[buckets.table().size()][most];
        long[] frames = new long[counts.length];
        Map<String, Long> rejected = new TreeMap<>();
        long pseudoFrames = 0;
        long utterances = 0;
        Iterator<Row> cells = rows.groupBy(
                        col("bucket"),
                        shiftrightunsigned(col("order_hash"), HASH_BITS - Integer.numberOfTrailingZeros(most))
                                .as("block"),
                        col("pseudo"),
                        col("code"))
                .agg(count(lit(1)), sum("n_frames"))
                .toLocalIterator();
        while (cells.hasNext()) {
            Row cell = cells.next();
            if (cell.getString(3) != null) {
                rejected.merge(cell.getString(3), cell.getLong(4), Long::sum);
                continue;
            }
            counts[cell.getInt(0)][(int) cell.getLong(1)] += (int) cell.getLong(4);
            frames[cell.getInt(0)] += cell.getLong(5);
            utterances += cell.getLong(4);
            pseudoFrames += cell.getBoolean(2) ? cell.getLong(5) : 0;
        }
        long humanFrames = Arrays.stream(frames).sum() - pseudoFrames;
        new TrainedOn(
                        utterances,
                        0,
                        humanFrames / FRAMES_PER_HOUR,
                        pseudoFrames / FRAMES_PER_HOUR,
                        0,
                        unknownShare,
                        rejected)
                .write(folder);
        return new Census(counts, frames, rejected).inBlocks(Census.blocks(utterances));
    }

    /** As many as the whole table has, each as often as a pass may hold it. */
    private long mostUtterances(long times) {
        String all = lake.table(of.table()).snapshot(of.snapshot()).summary().get(SnapshotSummary.TOTAL_RECORDS_PROP);
        return all == null ? Integer.MAX_VALUE : Long.parseLong(all) * times;
    }
}
