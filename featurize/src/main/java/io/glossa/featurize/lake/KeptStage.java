package io.glossa.featurize.lake;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Rows that are computed once and kept on the executors' disks until closed.
 *
 * <p>Kept as an RDD, because Spark forgets a persisted Dataset when a table that it was computed from is written.
 */
public final class KeptStage implements AutoCloseable {
    private final JavaRDD<Row> kept;
    private final Dataset<Row> rows;

    /** Keeps what is computed; the schema is that of its rows. */
    public KeptStage(SparkSession spark, Dataset<Row> computed, StructType schema) {
        kept = computed.javaRDD().persist(StorageLevel.DISK_ONLY());
        rows = spark.createDataFrame(kept, schema);
    }

    public Dataset<Row> rows() {
        return rows;
    }

    @Override
    public void close() {
        kept.unpersist(true); // not after Spark was stopped
    }
}
