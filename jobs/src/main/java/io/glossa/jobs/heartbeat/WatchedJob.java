package io.glossa.jobs.heartbeat;

import io.glossa.error.Background;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.slf4j.LoggerFactory;

/**
 * The driver's eye on a job whose tasks are the ranks of one attempt: when one is lost, the others are told, the job is ended, and the
 * executor, if it does not answer, is replaced, for which Spark would wait for minutes.
 */
public final class WatchedJob implements AutoCloseable {
    private static final long LOOK_MS = 250;

    /** Whoever did not look for so long was stopped itself. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** The ranks that are left have so long to end by themselves. */
    private static final Duration GRACE = Duration.ofSeconds(4);

    private final SparkContext spark;
    private final String attempt;
    private final Watch watch;
    private final LongConsumer onStep;
    private final SparkListener listener;
    private final ScheduledExecutorService thread = Background.timers("glossa-watch", 1);
    private long looked = System.nanoTime();
    private volatile Instant noticed;
    private boolean ended;

    /** What the watch lives by, as a line for people. */
    public static String rules() {
        return Deadlines.USUAL.toString();
    }

    /**
     * Makes the calling thread's next job of Spark the watched one.
     *
     * @param ranks that the job has
     * @param onStep told how many steps are done, over all attempts, again and again; by a thread of its own
     */
    public WatchedJob(SparkContext spark, String attempt, int ranks, LongConsumer onStep) {
        this.spark = spark;
        this.attempt = attempt;
        this.onStep = onStep;
        watch = new Watch(Deadlines.USUAL, ranks, System::nanoTime, System.err::println);
        HeartbeatPlugin.begin(attempt, watch);
        listener = new Reports(attempt, watch);
        spark.addSparkListener(listener);
        spark.setJobGroup(attempt, "training", true);
        thread.scheduleWithFixedDelay(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    /** A rank has ended, though not by a fault of its own. */
    public void ended(int rank) {
        watch.ended(rank);
    }

    /** A rank has ended before it was done. */
    public void failed(int rank, String message) {
        watch.failed(rank, message);
    }

    /** Who was lost first, if anybody was. */
    public Optional<Loss> loss() {
        return watch.loss();
    }

    /** When that was seen; now, if it was not. */
    public Instant noticed() {
        return noticed == null ? Instant.now() : noticed;
    }

    /** After Spark ended the job: gives it a moment to tell which executor is to blame. */
    public void awaitLoss() {
        try {
            for (long waited = 0; waited < GRACE.toMillis() && loss().isEmpty(); waited += LOOK_MS) {
                Thread.sleep(LOOK_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            long now = System.nanoTime();
            if (now - looked > PAUSE.toNanos()) {
                watch.paused(now - looked);
            }
            looked = now;
            watch.loss().ifPresent(this::end);
            onStep.accept(watch.step());
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(WatchedJob.class).error("Cannot watch ranks", e);
        }
    }

    private void end(Loss loss) {
        noticed = noticed();
        boolean patient = Instant.now().isBefore(noticed.plus(GRACE)) && !watch.isQuiet();
        if (ended || patient) {
            return;
        }
        ended = true;
        try {
            if (!loss.executor().isEmpty() && !spark.isLocal()) {
                spark.killAndReplaceExecutor(loss.executor());
            }
        } finally {
            spark.cancelJobGroup(attempt);
        }
    }

    @Override
    public void close() {
        Background.end(thread);
        spark.removeSparkListener(listener);
        spark.clearJobGroup();
        HeartbeatPlugin.end(attempt);
    }
}
