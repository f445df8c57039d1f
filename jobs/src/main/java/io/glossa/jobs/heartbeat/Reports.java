package io.glossa.jobs.heartbeat;

import java.util.HashSet;
import java.util.Set;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import scala.jdk.javaapi.CollectionConverters;

/** Tells a watch what Spark knows of the ranks of an attempt, which is the group of their job. */
final class Reports extends SparkListener {
    private static final String GROUP = "spark.jobGroup.id";

    private final String attempt;
    private final Watch watch;
    private final Set<Integer> stages = new HashSet<>();

    Reports(String attempt, Watch watch) {
        this.attempt = attempt;
        this.watch = watch;
    }

    @Override
    public void onJobStart(SparkListenerJobStart job) {
        if (attempt.equals(job.properties().getProperty(GROUP))) {
            CollectionConverters.asJava(job.stageInfos()).forEach(stage -> stages.add(stage.stageId()));
        }
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart task) {
        if (stages.contains(task.stageId())) {
            watch.sent(
                    task.taskInfo().index(),
                    task.taskInfo().host(),
                    task.taskInfo().executorId());
        }
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
        watch.removed(removed.executorId(), removed.reason().lines().findFirst().orElse("no reason was given"));
    }
}
