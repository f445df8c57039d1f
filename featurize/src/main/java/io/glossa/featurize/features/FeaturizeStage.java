package io.glossa.featurize.features;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.sum;

import io.glossa.config.ConfigDigest;
import io.glossa.featurize.Ids;
import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.StageSummary;
import io.glossa.featurize.lake.KeptStage;
import io.glossa.featurize.lake.WorkStage;
import io.glossa.featurize.lake.WriterStage;
import io.glossa.featurize.mel.FrontEndConfig;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.LengthClass;
import io.glossa.storage.Lineage;
import io.glossa.storage.OrderHash;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;

/**
 * The table utterances to the table features: log-mels as half floats, partitioned and sorted as the table says.
 *
 * <p>Only utterances without features of this front end are computed, so that a run that was killed at any moment can be
 * repeated, and a repeated run adds nothing. An utterance shorter than one frame is a reject.
 */
public final class FeaturizeStage {
    /** The stage's name in {@code rejects.stage}. */
    public static final String STAGE = "featurize";

    private static final StructType COMPUTED = new StructType()
            .add("utterance_id", DataTypes.StringType, false)
            .add("lang", DataTypes.StringType, false)
            .add("split", DataTypes.StringType, false)
            .add("duration_s", DataTypes.DoubleType, false)
            .add("n_frames", DataTypes.IntegerType)
            .add("logmel", DataTypes.BinaryType)
            .add("order_hash", DataTypes.LongType)
            .add("length_class", DataTypes.IntegerType)
            .add("reject_id", DataTypes.StringType)
            .add("code", DataTypes.StringType)
            .add("detail", DataTypes.StringType);

    private final SparkSession spark;
    private final FrontEndConfig config;
    private final Lineage lineage;
    private final WriterStage append;
    private final String digest;

    /** @param lineage what the commits carry */
    public FeaturizeStage(SparkSession spark, Lake lake, FrontEndConfig config, Lineage lineage) {
        this.spark = spark;
        this.config = config;
        this.lineage = lineage;
        append = new WriterStage(spark, lake, lineage);
        digest = ConfigDigest.of(config);
    }

    /** Computes the features that the utterances of a snapshot lack. */
    public StageSummary run(long utteranceSnapshot) {
        Dataset<Row> utterances = append.table(LakeTable.UTTERANCES, utteranceSnapshot)
                .select(col("id").as("utterance_id"), col("lang"), col("split"), col("duration_s"), col("audio"));
        Dataset<Row> present = append.table(LakeTable.FEATURES)
                .where(col("config_digest").equalTo(digest))
                .select("utterance_id");
        Dataset<Row> missing = utterances.join(present, new String[] {"utterance_id"}, "left_anti");
        FrontEndConfig frontEnd = config;
        LongAccumulator done = WorkStage.counter(spark);
        Dataset<Row> computed = missing.repartition(4 * spark.sparkContext().defaultParallelism(), col("utterance_id"))
                .dropDuplicates("utterance_id")
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) rows -> compute(rows, frontEnd, done),
                        Encoders.row(COMPUTED));
        try (KeptStage kept = new KeptStage(spark, computed, COMPUTED)) {
            long in = utterances.select("utterance_id").distinct().count();
            return write(kept.rows(), in, utteranceSnapshot);
        }
    }

    private static Iterator<Row> compute(Iterator<Row> utterances, FrontEndConfig config, LongAccumulator done) {
        UtteranceFeatures features = UtteranceFeatures.of(config);
        return map(utterances, utterance -> {
            done.add(1);
            return compute(utterance, features);
        });
    }

    private static Row compute(Row utterance, UtteranceFeatures features) {
        String id = utterance.getAs("utterance_id");
        Object[] row = new Object[COMPUTED.size()];
        row[0] = id;
        row[1] = utterance.getAs("lang");
        row[2] = utterance.getAs("split");
        row[3] = utterance.getAs("duration_s");
        try {
            UtteranceFeatures.Encoded encoded = features.encode(utterance.getAs("audio"));
            row[4] = encoded.frames();
            row[5] = encoded.logmel();
            row[6] = OrderHash.of(id);
            row[7] = LengthClass.of(encoded.frames());
        } catch (Refusal refusal) {
            row[8] = Ids.reject(STAGE, id, refusal.code());
            row[9] = refusal.code().name();
            row[10] = refusal.getMessage();
        }
        return RowFactory.create(row);
    }

    private static <A, B> Iterator<B> map(Iterator<A> from, Function<A, B> function) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return from.hasNext();
            }

            @Override
            public B next() {
                return function.apply(from.next());
            }
        };
    }

    private StageSummary write(Dataset<Row> computed, long utterances, long snapshot) {
        Dataset<Row> refused = computed.where(col("code").isNotNull());
        Map<String, Long> rejected = WriterStage.byCode(refused);
        append.rejects(STAGE, refused, "utterance_id");
        Dataset<Row> features = computed.where(col("code").isNull())
                .select(
                        col("utterance_id"),
                        col("lang"),
                        col("split"),
                        col("n_frames"),
                        lit(config.mels()).as("n_mels"),
                        lit(FeatureCodec.FP16).as("encoding"),
                        col("logmel"),
                        lit(digest).as("config_digest"),
                        col("order_hash"),
                        col("length_class"));
        long written = append.append(LakeTable.FEATURES, features);
        long superseded = withdraw(features.select("utterance_id", "lang", "split", "config_digest"), snapshot);
        if (superseded > 0) {
            rejected.put(RejectCode.SUPERSEDED.name(), superseded);
        }
        Row totals = computed.agg(coalesce(sum("duration_s"), lit(0.0))).first();
        return new StageSummary(
                utterances, written - superseded, 0, 0, 0, 0, 0, rejected, totals.getDouble(0), append.counts());
    }

    /** Takes back the features of utterances that were superseded while they were computed; they are rejects. */
    private long withdraw(Dataset<Row> features, long snapshot) {
        String code = RejectCode.SUPERSEDED.name();
        Dataset<Row> gone = append.withdraw(LakeTable.FEATURES, features, LakeTable.UTTERANCES, "id", snapshot)
                .select(
                        col("utterance_id"),
                        sha2(concat_ws(":", lit(STAGE), col("utterance_id"), lit(code)), 256)
                                .as("reject_id"),
                        lit(code).as("code"),
                        lit("a new version of its recording was ingested").as("detail"));
        append.rejects(STAGE, gone, "utterance_id");
        return gone.count();
    }
}
