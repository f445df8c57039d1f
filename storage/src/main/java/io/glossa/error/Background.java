package io.glossa.error;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What another thread does. */
public final class Background {
    private Background() {}

    /** One thread, which keeps no process from ending. The caller shuts it down. */
    public static ExecutorService thread(String name) {
        return Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
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
