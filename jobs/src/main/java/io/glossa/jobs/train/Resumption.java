package io.glossa.jobs.train;

import io.glossa.jobs.heartbeat.Recovery;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoints;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** The way of a training from each failure back to its next new step, which is told and written down. */
final class Resumption {
    private record Failure(String cause, double noticedSeconds, Instant time, long reached) {}

    private final String job;
    private final Folder folder;
    private Failure failure;
    private long from;
    private long reached = -1;
    private int ranks;

    Resumption(TrainTask task) {
        job = task.job();
        folder = task.folder();
    }

    /** An attempt begins, from a checkpoint; null: from nothing. */
    synchronized void begins(Folder checkpoint, int count) {
        from = checkpoint == null ? 0 : Checkpoints.meta(checkpoint).step();
        ranks = count;
        reached = -1;
        Supervision.goesOnFrom(from);
    }

    /**
     * An attempt has ended too early. Where none made a step since the last failure, that one counts.
     *
     * @param noticed when the first cause was
     * @param noticedSeconds from the last heartbeat of who was lost until then
     */
    synchronized void stopped(String cause, Instant noticed, double noticedSeconds) {
        if (failure == null) {
            failure = new Failure(cause, noticedSeconds, noticed, Math.max(reached, from));
        }
        from = Long.MAX_VALUE;
    }

    /** So many steps are done now, over all attempts. */
    synchronized void onStep(long step) {
        reached = step;
        if (failure == null || step <= from) {
            return;
        }
        Failure ended = failure;
        failure = null;
        double again = Duration.between(ended.time(), Instant.now()).toMillis() * 1e-3;
        long repeated = Math.max(0, ended.reached() - from);
        System.err.printf(
                Locale.ROOT,
                "%s trains again, on %d ranks, %.1f s after it stopped; %d steps are done once more%n",
                job,
                ranks,
                again,
                repeated);
        new Recovery(ended.time().toString(), ended.cause(), ended.noticedSeconds(), again, repeated, from, ranks)
                .append(folder);
    }
}
