package io.glossa.trainer.train;

import io.glossa.error.Background;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.checkpoint.Deal;
import io.glossa.storage.checkpoint.Part;
import io.glossa.storage.checkpoint.Retention;
import io.glossa.storage.checkpoint.Share;
import io.glossa.storage.checkpoint.TensorRange;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Trace;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Writes a rank's share of each checkpoint while training goes on: copies its tensors between two steps, into buffers that it
 * keeps, and has a thread of its own write them. One is written at a time.
 */
final class Saver implements AutoCloseable {
    private static final int STOPS_WITHIN_S = 30;

    private final Folder folder;
    private final Part part;
    private final Retention retention;
    private final Map<String, Type> wholes;
    private final Deal model;
    private final Deal optimizer;
    private final Map<String, ByteBuffer> buffers = new HashMap<>();
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "glossa-checkpoint"));
    private Future<?> writing = CompletableFuture.completedFuture(null);

    /**
     * @param declared what the state has
     * @param written what of the model is written
     */
    Saver(Folder folder, Part part, Retention retention, Trace declared, Map<String, Type> written) {
        this.folder = folder;
        this.part = part;
        this.retention = retention;
        wholes = declared.wholes();
        model = deal(written);
        optimizer = deal(ModelTensors.optimizer(declared));
    }

    private Deal deal(Map<String, Type> written) {
        Set<String> shared = new HashSet<>(wholes.keySet());
        shared.retainAll(written.keySet());
        return Deal.of(ModelTensors.bytes(written), shared, part.count());
    }

    /**
     * Begins to write what the state is now, once the checkpoint before it is written.
     *
     * @throws GlossaException if that one could not be written
     */
    void save(State state, CheckpointMeta meta) {
        finish();
        Share share = new Share(part, model, ranges(state, model), ranges(state, optimizer), meta);
        writing = thread.submit(() -> write(share));
    }

    private Map<String, TensorRange> ranges(State state, Deal deal) {
        Set<String> own = deal.owners().keySet().stream()
                .filter(name -> deal.gives(part.index(), name))
                .collect(Collectors.toSet());
        Map<String, TensorRange> ranges = TensorRange.whole(ModelTensors.read(state, own, buffers));
        Map<String, Type> shared = new LinkedHashMap<>(wholes);
        shared.keySet().retainAll(deal.shared());
        ranges.putAll(ModelTensors.parts(state, shared, new Rank(part.index(), part.count()), buffers));
        return ranges;
    }

    private void write(Share share) {
        Checkpoints.write(folder, share);
        if (part.index() == 0) {
            retention.keep(folder);
        }
    }

    /** @throws GlossaException if a checkpoint is known not to have been written */
    void requireWell() {
        if (writing.isDone()) {
            finish();
        }
    }

    /**
     * Waits until what was begun is written.
     *
     * @throws GlossaException if it could not be
     */
    void finish() {
        Background.result(writing, "write a checkpoint into " + folder);
    }

    /** Waits for what is still being written, so that no one else writes meanwhile; if interrupted, has it stopped. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            writing.get();
        } catch (InterruptedException e) {
            stop();
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            // It is told by save() or finish(), or training ended for another reason.
        }
    }

    private void stop() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(STOPS_WITHIN_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
