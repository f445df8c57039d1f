package io.glossa.trainer.train;

import io.glossa.error.Background;
import io.glossa.trainer.runtime.Staged;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * The batch of the next step, read and sent on its way by a thread of its own while a step runs. What fails there fails the
 * step that needs it.
 *
 * @param <K> names a step
 */
final class Upcoming<K> implements AutoCloseable {
    private record Next<K>(K step, Future<Staged> batch) {}

    private final ExecutorService thread = Background.thread("glossa-batches");
    private Next<K> next;
    private long waitedNanos;

    /** Begins with the batch of a step; one at a time. */
    void begin(K step, Supplier<Staged> batch) {
        drop();
        next = new Next<>(step, thread.submit(batch::get));
    }

    /** The batch of a step, if it was begun; else made now. The caller closes it. */
    Staged take(K step, Supplier<Staged> batch) {
        long began = System.nanoTime();
        Staged taken = taken(step, batch);
        waitedNanos += System.nanoTime() - began;
        return taken;
    }

    private Staged taken(K step, Supplier<Staged> batch) {
        if (next == null || !next.step().equals(step)) {
            return batch.get();
        }
        Next<K> taken = next;
        next = null;
        return Background.result(taken.batch(), "read a batch");
    }

    /** How long steps have waited for their batches so far. */
    double waitedSeconds() {
        return waitedNanos * 1e-9;
    }

    /** Gives back a batch that no step will run. */
    private void drop() {
        if (next != null) {
            Next<K> dropped = next;
            next = null;
            try {
                dropped.batch().get().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException e) {
                // No step needs it, so it fails none.
            }
        }
    }

    /** Waits for what is still being read. */
    @Override
    public void close() {
        drop();
        thread.shutdown();
    }
}
