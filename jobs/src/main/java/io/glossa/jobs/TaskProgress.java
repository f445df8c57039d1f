package io.glossa.jobs;

import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;

/** Shows how many tasks of the stage that Spark began last are done. */
final class TaskProgress extends SparkListener implements AutoCloseable {
    private final SparkSession spark;
    private final Progress progress;
    private int stage = -1;
    private int tasks;
    private int done;

    private TaskProgress(SparkSession spark, Progress progress) {
        this.spark = spark;
        this.progress = progress;
    }

    static TaskProgress of(String job, SparkSession spark) {
        TaskProgress listener = new TaskProgress(spark, Progress.of(job));
        spark.sparkContext().addSparkListener(listener);
        return listener;
    }

    @Override
    public synchronized void onStageSubmitted(SparkListenerStageSubmitted submitted) {
        stage = submitted.stageInfo().stageId();
        tasks = submitted.stageInfo().numTasks();
        done = 0;
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        if (end.stageId() == stage && end.taskInfo().successful()) {
            done++;
            progress.update(done, tasks, "tasks", "");
        }
    }

    @Override
    public void close() {
        spark.sparkContext().removeSparkListener(this);
        progress.close();
    }
}
