package io.glossa.error;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waits for what another thread does. */
public final class Waiting {
    private Waiting() {}

    /**
     * What it gives.
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
