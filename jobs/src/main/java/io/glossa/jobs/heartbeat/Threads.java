package io.glossa.jobs.heartbeat;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Threads that look again and again, and keep no process alive. */
final class Threads {
    private static final int PATIENCE_S = 5;

    private Threads() {}

    static ScheduledExecutorService begin(String name, int count) {
        return Executors.newScheduledThreadPool(count, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** What they are at ends first, unless it is stuck. */
    static void end(ScheduledExecutorService threads) {
        threads.shutdownNow();
        try {
            threads.awaitTermination(PATIENCE_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
