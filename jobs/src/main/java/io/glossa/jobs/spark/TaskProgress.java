package io.glossa.jobs.spark;

import io.glossa.featurize.lake.WorkStage;
import io.glossa.jobs.cli.Progress;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/** Shows how many inputs a job's tasks have dealt with, as they count it ({@link WorkStage}); it never runs backwards. */
public final class TaskProgress extends SparkListener {
    private final Progress progress;
    private final String unit;
    private long total;
    private String detail = "";
    private long done;

    private TaskProgress(Progress progress, String unit, long total) {
        this.progress = progress;
        this.unit = unit;
        this.total = total;
    }

    /**
     * Does some work in Spark under the eyes of a progress bar.
     *
     * @param unit what the inputs are, in the plural
     * @param total how many there are; 0 if nobody knows
     */
    public static <T> T during(String job, SparkSession spark, String unit, long total, Supplier<T> work) {
        return during(job, spark, unit, total, progress -> work.get());
    }

    /** The same of work that learns on its way how much there is. */
    public static <T> T during(
            String job, SparkSession spark, String unit, long total, Function<TaskProgress, T> work) {
        try (Progress progress = Progress.of(job)) {
            TaskProgress listener = new TaskProgress(progress, unit, total);
            spark.sparkContext().addSparkListener(listener);
            try {
                return work.apply(listener);
            } finally {
                spark.sparkContext().removeSparkListener(listener);
            }
        }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        if (!end.taskInfo().successful()) {
            return;
        }
        for (AccumulableInfo info : CollectionConverters.asJava(end.taskInfo().accumulables())) {
            if (info.name().contains(WorkStage.DONE) && info.update().isDefined()) {
                done += (long) info.update().get();
            }
        }
        show();
    }

    /**
     * Says how much there is.
     *
     * @param sure how many are done, whatever tasks counted
     */
    public synchronized void expect(long sure, long all) {
        done = sure;
        total = all;
    }

    /** Says also what else is worth seeing, and shows it at once. */
    public synchronized void tell(long sure, long all, String more) {
        expect(sure, all);
        detail = more;
        progress.updateNow(done, total, unit, detail);
    }

    private void show() {
        // A task that is run again counts again.
        long shown = total > 0 ? Math.min(done, total) : done;
        progress.update(shown, total, unit, total > 0 && shown == total && detail.isEmpty() ? "writing" : detail);
    }
}
