package io.glossa.jobs.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import io.glossa.featurize.features.UtteranceLength;
import io.glossa.featurize.mel.FrontEndConfig;
import io.glossa.jobs.consent.Bars;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.OrderHash;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Utterance;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.text.Encoding;
import io.glossa.trainer.train.Admission;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterators;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The utterances of a training, as Spark finds them: a row for each that is used, as often as a pass holds it, and one for each
 * reason to refuse one, which has a code.
 */
final class TrainRows {
    static final StructType SCHEMA = new StructType()
            .add("bucket", DataTypes.IntegerType)
            .add("order_hash", DataTypes.LongType)
            .add("utterance_id", DataTypes.StringType, false)
            .add("copy", DataTypes.IntegerType)
            .add("n_frames", DataTypes.IntegerType)
            .add("text", DataTypes.StringType)
            .add("pseudo", DataTypes.BooleanType)
            .add("code", DataTypes.StringType)
            .add("detail", DataTypes.StringType);

    private static final long SPLIT_BYTES = 4L << 30;
    private static final String[] ID = {"utterance_id"};

    private TrainRows() {}

    /** A table as it was at a snapshot, of which small columns are read: a task has many large files. */
    static Dataset<Row> table(SparkSession spark, LakeTable table, long snapshot) {
        return spark.read()
                .option("versionAsOf", Long.toString(snapshot))
                .option("split-size", SPLIT_BYTES)
                .table(Lake.nameOf(table));
    }

    /** All utterances of the splits that have log-mels. */
    static Dataset<Row> unlabelled(SparkSession spark, TrainData data, Buckets buckets, Bars bars) {
        Dataset<Row> none = bars.marked(utterances(spark, data))
                .where(col("split").isInCollection(data.splits()))
                .withColumn("human", lit(null).cast(DataTypes.StringType))
                .withColumn("pseudo", lit(null).cast(DataTypes.StringType));
        return decided(none, data, buckets, Map.of());
    }

    /** Those of the splits, and those with a pseudo-label, with their texts; and texts without log-mels. */
    static Dataset<Row> labelled(SparkSession spark, TrainData data, Buckets buckets, TrainTexts texts, Bars bars) {
        Dataset<Row> utterances = utterances(spark, data);
        Dataset<Row> both = bars.marked(utterances)
                .join(texts.human(), ID, "left_outer")
                .join(texts.pseudo(), ID, "left_outer")
                .where(col("split")
                        .isInCollection(data.splits())
                        .or(col("pseudo").isNotNull()));
        Dataset<Row> heard = utterances.where(col("split").isInCollection(data.splits()));
        String reason = data.origin() == FeatureOrigin.STORED
                ? "it has no features of this front end"
                : "its audio is not in this snapshot of utterances";
        Dataset<Row> missing = texts.human()
                .join(heard, ID, "left_anti")
                .map(
                        (MapFunction<Row, Row>)
                                row -> refused(new TrainReject(row.getString(0), "no-features", reason)),
                        Encoders.row(SCHEMA));
        return decided(both, data, buckets, texts.symbols().config()).union(missing);
    }

    private static Dataset<Row> utterances(SparkSession spark, TrainData data) {
        Dataset<Row> rows = table(spark, data.origin().table(), data.features());
        if (data.origin() == FeatureOrigin.STORED) {
            return rows.where(col("config_digest").equalTo(data.frontEnd().digest()))
                    .select("utterance_id", "split", "n_frames");
        }
        FrontEndConfig frontEnd = data.frontEnd().config();
        UserDefinedFunction frames = udf(
                (UDF1<Double, Integer>) seconds -> frontEnd.frames(UtteranceLength.samples(seconds)),
                DataTypes.IntegerType);
        return rows.select(
                col("id").as("utterance_id"),
                col("split"),
                frames.apply(col("duration_s")).as("n_frames"));
    }

    private static Dataset<Row> decided(
            Dataset<Row> rows, TrainData data, Buckets buckets, Map<String, String> symbols) {
        List<Integer> frames = buckets.frames();
        return rows.select("utterance_id", "split", "n_frames", "human", "pseudo", Bars.CODE, Bars.WHY)
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) some -> decided(some, data, frames, symbols),
                        Encoders.row(SCHEMA));
    }

    private static Iterator<Row> decided(
            Iterator<Row> rows, TrainData data, List<Integer> frames, Map<String, String> symbols) {
        SymbolTable table = SymbolTable.ofCheckpoint(symbols);
        Buckets buckets = Buckets.of(frames, 1);
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, 0), false)
                .flatMap(row -> decided(row, data, buckets, table))
                .iterator();
    }

    private static Stream<Row> decided(Row row, TrainData data, Buckets buckets, SymbolTable symbols) {
        String id = row.getString(0);
        int frames = row.getInt(2);
        String human = row.getString(3);
        String heard = row.getString(4);
        if (row.getString(5) != null) {
            return Stream.of(leftOut(id, frames, buckets, row.getString(5), row.getString(6)));
        }
        Encoding encoding = heard == null ? null : symbols.encoding(heard);
        boolean foreign = encoding != null && !encoding.isWhole();
        int times = heard == null || foreign ? 0 : data.pseudo().times(id);
        boolean pseudo = times > 0;
        Stream<Row> rows = foreign ? Stream.of(refused(TrainReject.foreign(id, heard, symbols))) : Stream.empty();
        if (!pseudo && !data.splits().contains(row.getString(1))) {
            return rows;
        }
        String text = pseudo ? heard : human;
        Utterance utterance = new Utterance(id, frames, pseudo ? encoding.ids() : labels(human, symbols));
        Optional<Admission> refusal = Admission.refusal(utterance, buckets, data.kind());
        if (refusal.isPresent()) {
            return foreign ? rows : Stream.of(refused(TrainReject.of(utterance, refusal.get(), buckets, data.kind())));
        }
        return Stream.concat(
                rows,
                IntStream.range(0, Math.max(1, times))
                        .mapToObj(copy -> RowFactory.create(
                                buckets.number(frames), OrderHash.of(id), id, copy, frames, text, pseudo, null, null)));
    }

    /** It has its place, by which a rank that reads all of a block knows it. */
    private static Row leftOut(String id, int frames, Buckets buckets, String code, String why) {
        Integer bucket = buckets.fitting(frames).isPresent() ? buckets.number(frames) : null;
        return RowFactory.create(bucket, OrderHash.of(id), id, null, frames, null, null, code, why);
    }

    private static int[] labels(String human, SymbolTable symbols) {
        return human == null ? new int[0] : symbols.encode(human);
    }

    static Row refused(TrainReject reject) {
        return RowFactory.create(
                null, null, reject.utterance(), null, null, null, null, reject.code(), reject.detail());
    }
}
