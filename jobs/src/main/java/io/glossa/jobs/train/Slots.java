package io.glossa.jobs.train;

import io.glossa.error.GlossaException;
import java.time.Duration;
import org.apache.spark.SparkContext;

/** Whether Spark can run all ranks at once: each takes a task of a barrier stage, and all or none must run. */
final class Slots {
    /** Executors that are on their way come within this, Spark's own measure of it. */
    private static final String WAITING = "spark.scheduler.maxRegisteredResourcesWaitingTime";

    private static final String USUAL_WAITING = "30s";
    private static final Duration PAUSE = Duration.ofMillis(200);

    private Slots() {}

    /**
     * How many ranks there is room for, from the fewest to all; waits for all.
     *
     * @throws GlossaException of type USER that says how many were asked for and how many are there
     */
    static int require(SparkContext spark, Machine machine) {
        int ranks = machine.ranks();
        long waiting = spark.isLocal() ? 0 : spark.getConf().getTimeAsMs(WAITING, USUAL_WAITING);
        long until = System.nanoTime() + Duration.ofMillis(waiting).toNanos();
        int found = count(spark);
        while (found < ranks && System.nanoTime() < until) {
            pause();
            found = count(spark);
        }
        if (found < machine.minRanks()) {
            String expected = machine.minRanks() == ranks ? "" + ranks : machine.minRanks() + " to " + ranks;
            throw GlossaException.user("Cannot train on " + ranks + " ranks: Spark has room for " + found
                    + (found == 1 ? " task" : " tasks") + " at once, expected " + expected
                    + " (fewer --ranks, or more executors or GPUs; a local master has a task per core, as in --"
                    + " --master 'local[" + ranks + "]')");
        }
        return Math.min(found, ranks);
    }

    private static int count(SparkContext spark) {
        return spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile());
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GlossaException.resource("Cannot wait for executors: interrupted")
                    .causedBy(e);
        }
    }
}
