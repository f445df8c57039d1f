package io.glossa.error;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** What another thread does. */
public final class Background {
    private static final int PATIENCE_S = 5;

    private Background() {}

    /** One thread, which keeps no process from ending. The caller shuts it down. */
    public static ExecutorService thread(String name) {
        return Executors.newSingleThreadExecutor(daemons(name));
    }

    /** As many threads that do things again and again, and keep no process from ending. The caller ends them by {@link #end}. */
    public static ScheduledExecutorService timers(String name, int count) {
        return Executors.newScheduledThreadPool(count, daemons(name));
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Shuts threads down; what they are at ends first, unless it is stuck. */
    public static void end(ExecutorService threads) {
        threads.shutdownNow();
        try {
            threads.awaitTermination(PATIENCE_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits for what it gives.
     *
     * @param doing what it does, to be read behind "Cannot", such as "read a batch"
     * @throws GlossaException the one by which it failed; of type INTERNAL for any other failure, and if this thread is interrupted
     */
    public static <T> T result(Future<T> future, String doing) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GlossaException.internal("Cannot " + doing + ": interrupted").causedBy(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof GlossaException known
                    ? known
                    : GlossaException.internal("Cannot " + doing + ": " + e.getCause())
                            .causedBy(e.getCause());
        }
    }
}
