package io.glossa.jobs.heartbeat;

import io.glossa.error.Background;
import io.glossa.error.GlossaException;
import io.glossa.jobs.heartbeat.Beat.Checksum;
import io.glossa.trainer.ranks.LostRank;
import io.glossa.trainer.train.StepReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.LoggerFactory;

/**
 * A rank's heartbeats. Whatever it learns, that another rank was lost or that nobody answers, it hands on once, and keeps.
 */
public final class Pulse implements AutoCloseable {
    /** The way to the driver. */
    interface Line {
        /** Spark's id of this process. */
        String executor();

        /** Waits for the driver, for as long as that takes. */
        Answer ask(Beat beat) throws Exception;
    }

    private final String attempt;
    private final int rank;
    private final String host;
    private final Line line;
    private final Deadlines deadlines;
    private final Lock asking = new ReentrantLock();
    private final AtomicReference<String> failure = new AtomicReference<>();
    private final ScheduledExecutorService threads = Background.timers("glossa-heartbeat", 2);
    private Runnable abandon = () -> {};
    private volatile long answered = System.nanoTime();
    private long checked = System.nanoTime();
    private volatile long step = -1;
    private volatile double stepSeconds;
    private long stepNanos = System.nanoTime();
    private final PartTimes partTimes = new PartTimes();
    private final Queue<Checksum> untold = new ConcurrentLinkedQueue<>();
    private volatile Map<String, Double> pace = Map.of();

    /** Beats until it is closed. */
    public static Pulse of(String attempt, int rank, String host) {
        Line line = HeartbeatPlugin.line();
        if (line == null) {
            throw GlossaException.internal("Cannot begin a rank: found no way to tell the driver of it, expected "
                    + HeartbeatPlugin.class.getName() + " among spark.plugins");
        }
        return new Pulse(attempt, rank, host, line, Deadlines.USUAL);
    }

    Pulse(String attempt, int rank, String host, Line line, Deadlines deadlines) {
        this.attempt = attempt;
        this.rank = rank;
        this.host = host;
        this.line = line;
        this.deadlines = deadlines;
        long every = deadlines.beat().toMillis();
        threads.scheduleWithFixedDelay(this::beat, 0, every, TimeUnit.MILLISECONDS);
        threads.scheduleWithFixedDelay(this::requireAnswer, every, every, TimeUnit.MILLISECONDS);
    }

    /** The rank has done a step. */
    public void onStep(StepReport report) {
        long now = System.nanoTime();
        stepSeconds = (now - stepNanos) * 1e-9;
        stepNanos = now;
        step = report.step();
        partTimes.add(report.partSeconds());
    }

    /** What came of the rank's model after a step. */
    public void onChecksum(long after, int sum) {
        untold.add(new Checksum(after, sum));
    }

    /** How fast the ranks are, as metrics, as far as the driver has said it. */
    public Map<String, Double> pace() {
        return pace;
    }

    /** The rank has done its last step: has the driver know all of it. */
    public void finish() {
        beat();
        requireAll();
    }

    /** Why this rank must end, if it must, though nothing is wrong with it. */
    public Optional<String> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Says what else is to be done, by a thread of its own, should this rank have to end; at once, if it must already. */
    public synchronized void whenLost(Runnable action) {
        abandon = action;
        if (failure.get() != null) {
            action.run();
        }
    }

    /** @throws GlossaException of type RESOURCE, by {@link LostRank}, if this rank must end */
    public void requireAll() {
        failure().ifPresent(why -> {
            throw GlossaException.resource("Cannot go on training: " + why).causedBy(new LostRank(why));
        });
    }

    /** Ones that both threads send do not overtake each other. */
    private void beat() {
        asking.lock();
        try {
            List<Checksum> told = List.copyOf(untold);
            Answer answer =
                    line.ask(new Beat(attempt, rank, host, line.executor(), step, stepSeconds, partTimes.mean(), told));
            told.forEach(checksum -> untold.remove());
            answered = System.nanoTime();
            pace = answer.pace();
            if (!answer.end().isEmpty()) {
                fail(answer.end());
            }
        } catch (Exception e) { // as the plugin's method declares; a driver that is gone is found below
            LoggerFactory.getLogger(Pulse.class).warn("the driver does not answer", e);
        } finally {
            asking.unlock();
        }
    }

    private void requireAnswer() {
        long now = System.nanoTime();
        if (now - checked > deadlines.silence().toNanos() / 2) {
            answered = now; // this process was stopped itself
        }
        checked = now;
        long silent = now - answered;
        if (silent > deadlines.silence().toNanos()) {
            fail("the driver has not answered for " + TimeUnit.NANOSECONDS.toSeconds(silent) + " s");
        }
    }

    private synchronized void fail(String why) {
        if (failure.compareAndSet(null, why)) {
            abandon.run();
        }
    }

    @Override
    public void close() {
        Background.end(threads);
    }
}
