package io.glossa.featurize;

import org.apache.spark.sql.SparkSession;

/** A Spark that is quick with a handful of rows: what takes time there is to plan, to compile and to send out tasks. */
public final class TestSpark {
    private static final String INTERPRETED = "NO_CODEGEN";
    private static final String INTERPRETING = "spark.sql.codegen.factoryMode";

    private TestSpark() {}

    /** Starts it; stop it after the last test. */
    public static SparkSession start() {
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.codegen.wholeStage", "false")
                .config(INTERPRETING, INTERPRETED)
                .config("spark.sql.adaptive.enabled", "false")
                .getOrCreate();
        // Tasks of an RDD see of Spark SQL's settings only what their thread's jobs carry.
        spark.sparkContext().setLocalProperty(INTERPRETING, INTERPRETED);
        return spark;
    }
}
