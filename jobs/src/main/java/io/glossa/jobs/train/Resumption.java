package io.glossa.jobs.train;

import io.glossa.jobs.heartbeat.Recovery;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoints;
import java.time.Instant;
import java.util.Locale;

/** The way of a training from each failure back to its next new step, which is told and written down. */
final class Resumption {
    private record Failure(String cause, double noticedSeconds, Instant time, long nanos, long reached) {}

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
    }

    /** An attempt has ended too early. Where none made a step since the last failure, that one counts. */
    synchronized void stopped(String cause, double noticedSeconds) {
        if (failure == null) {
            failure = new Failure(cause, noticedSeconds, Instant.now(), System.nanoTime(), Math.max(reached, from));
        }
    }

    /** So many steps are done now, over all attempts. */
    synchronized void onStep(long step) {
        reached = step;
        if (failure == null || step <= from) {
            return;
        }
        double again = (System.nanoTime() - failure.nanos()) * 1e-9;
        long repeated = failure.reached() - from;
        System.err.printf(
                Locale.ROOT,
                "%s trains again, on %d ranks, %.1f s after it stopped; %d steps are done once more%n",
                job,
                ranks,
                again,
                repeated);
        new Recovery(failure.time().toString(), failure.cause(), failure.noticedSeconds(), again, repeated, from, ranks)
                .append(folder);
        failure = null;
    }
}
