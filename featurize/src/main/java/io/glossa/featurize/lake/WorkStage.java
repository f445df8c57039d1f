package io.glossa.featurize.lake;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/** Counts the inputs that a job's tasks have dealt with, for whoever listens to Spark's events. */
public final class WorkStage {
    /** The name of the counter among a task's accumulables. */
    public static final String DONE = "glossa.done";

    private WorkStage() {}

    /** A counter to which tasks add one for each input. */
    public static LongAccumulator counter(SparkSession spark) {
        return spark.sparkContext().longAccumulator(DONE);
    }
}
