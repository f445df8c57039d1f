package io.glossa.jobs.spark;

import io.glossa.jobs.cli.Progress;
import java.util.function.Supplier;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;

/** Shows how many tasks of the stage that Spark began last are done. */
public final class TaskProgress extends SparkListener {
    private final Progress progress;
    private int stage = -1;
    private int tasks;
    private int done;

    private TaskProgress(Progress progress) {
        this.progress = progress;
    }

    /** Does some work in Spark under the eyes of a progress bar. */
    public static <T> T during(String job, SparkSession spark, Supplier<T> work) {
        try (Progress progress = Progress.of(job)) {
            TaskProgress listener = new TaskProgress(progress);
            spark.sparkContext().addSparkListener(listener);
            try {
                return work.get();
            } finally {
                spark.sparkContext().removeSparkListener(listener);
            }
        }
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
}
