package io.glossa.featurize.ingest;

import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.flatten;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import io.glossa.config.Sha256;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.lake.KeptStage;
import io.glossa.featurize.source.Place;
import io.glossa.featurize.source.Source;
import io.glossa.featurize.source.SourceBytes;
import io.glossa.featurize.source.Walk;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The recordings of a source as executors list them, kept on their disks until closed, each once: what a source says of one
 * in several entries is one row with all spans.
 *
 * <p>Tasks list places, and hand back those that they have no time for, until no place is left. The driver counts places and
 * files and holds none.
 */
public final class ListingStage implements AutoCloseable {
    private static final int TASKS_PER_CORE = 4;
    /** How many entries of a recording are no parts of it; more than one say the same thing again. */
    private static final String ENTRIES = "entries";

    private static final String AFTER_ALL_DIGESTS = "g";
    private static final String[] NAMES = ListedRowStage.SCHEMA.fieldNames();

    private final KeptStage files;
    private final Map<String, Long> passedOver = new TreeMap<>();
    private final long count;
    private final String digest;

    /** Lists all. */
    public ListingStage(SparkSession spark, Source source) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<SerializableConfiguration> hadoop =
                context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
        FlatMapFunction<Place, Row> list = place ->
                rows(new Walk(source, place, new SourceBytes(hadoop.value().value())));
        List<KeptStage> rounds = new ArrayList<>();
        try {
            JavaRDD<Place> places = context.parallelize(List.of(source.root()), 1);
            long left = 1;
            Dataset<Row> listed = spark.createDataFrame(List.of(), ListedRowStage.SCHEMA);
            while (left > 0) {
                int tasks = (int) Math.min(left, (long) TASKS_PER_CORE * context.defaultParallelism());
                KeptStage round = new KeptStage(
                        spark,
                        spark.createDataFrame(places.repartition(tasks).flatMap(list), ListedRowStage.FOUND),
                        ListedRowStage.FOUND);
                rounds.add(round);
                left = count(round.rows());
                places = round.rows()
                        .where(col(ListedRowStage.PLACE).isNotNull())
                        .select(ListedRowStage.PLACE + ".*")
                        .javaRDD()
                        .map(ListedRowStage::place);
                listed = listed.union(round.rows().where(col("uri").isNotNull()).selectExpr(NAMES));
            }
            files = new KeptStage(spark, once(listed), ListedRowStage.SCHEMA.add(ENTRIES, DataTypes.LongType));
            Row sums = files.rows()
                    .selectExpr("xxhash64(uri, listed, fault_code) h", ENTRIES)
                    .selectExpr(
                            "count(h)",
                            "coalesce(sum(greatest(" + ENTRIES + " - 1, 0)), 0L)",
                            "coalesce(bit_xor(h), 0L)",
                            "coalesce(sum(cast(h as decimal(30))), 0)")
                    .first();
            count = sums.getLong(0);
            digest = Sha256.of(sums.toString());
            if (sums.getLong(1) > 0) {
                passedOver.put("listed again", sums.getLong(1));
            }
        } finally {
            rounds.forEach(KeptStage::close);
        }
    }

    /** Counts what was passed over, and returns how many places are left. */
    private long count(Dataset<Row> found) {
        long left = 0;
        for (Row row : found.where(col("uri").isNull())
                .groupBy(ListedRowStage.PASSED_OVER)
                .count()
                .collectAsList()) {
            if (row.isNullAt(0)) {
                left = row.getLong(1);
            } else {
                passedOver.merge(row.getString(0), row.getLong(1), Long::sum);
            }
        }
        return left;
    }

    /**
     * One row for each URI: of several the one of least digest, with the spans of all. Parts that were listed without their
     * recording have none, and are bad entries; that they are counts least.
     */
    private static Dataset<Row> once(Dataset<Row> listed) {
        Column all = struct(Stream.of(NAMES).map(name -> col(name)).toArray(Column[]::new));
        Column rank = struct(
                coalesce(col("fault_code").equalTo(RejectCode.BAD_ENTRY.name()), lit(false)),
                coalesce(col("listed"), lit(AFTER_ALL_DIGESTS)));
        Column isWhole = size(col("spans")).equalTo(0);
        Column digest =
                when(isWhole, col("one.listed")).otherwise(sha2(concat(col("one.listed"), to_json(col("spans"))), 256));
        return listed.groupBy("uri")
                .agg(
                        min_by(all, rank).as("one"),
                        sum(when(isWhole, 1).otherwise(0)).as(ENTRIES),
                        sort_array(array_distinct(flatten(collect_list(col("spans")))))
                                .as("spans"))
                .withColumn("one", col("one").withField("spans", col("spans")).withField("listed", digest))
                .select("one.*", ENTRIES);
    }

    private static Iterator<Row> rows(Walk walk) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return walk.hasNext();
            }

            @Override
            public Row next() {
                return ListedRowStage.found(walk.next());
            }
        };
    }

    /** Rows of {@link ListedRowStage#SCHEMA}. */
    Dataset<Row> files() {
        return files.rows().drop(ENTRIES);
    }

    /** How many recordings there are. */
    public long count() {
        return count;
    }

    /** How many things were passed over, by reason. */
    public Map<String, Long> passedOver() {
        return Map.copyOf(passedOver);
    }

    /** A name for all that was listed, the same for the same in any order. */
    public String digest() {
        return digest;
    }

    @Override
    public void close() {
        files.close();
    }
}
