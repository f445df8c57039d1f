package io.glossa.trainer.train;

import io.glossa.trainer.autograd.Entry;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.data.BatchPlan;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Cursor;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Staged;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Program;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Steps on one device: this rank's parts of each batch, the next of which is read while one is computed. Where a rank may have
 * several, their gradients are added up before all ranks together update the model; else a part is a whole step.
 */
final class Steps implements AutoCloseable {
    /** What a training says of its steps. */
    interface Training {
        BatchPlan plan(int epoch);

        /** Whether there is a step at a cursor. */
        boolean goesOn(Cursor at);

        /** Of all parts of a step: its number, the seed, the learning rate. From any thread. */
        Map<String, HostTensor> scalars(Cursor at);

        /** Of one part alone. From any thread. */
        Map<String, HostTensor> tensors(Cursor at, BatchPlan.Batch part);
    }

    private record Part(Cursor at, int index) {}

    private final Rank rank;
    private final Training training;
    private final Programs parts;
    private final Programs updates;
    private final Entry entry;
    private final Bucket anyBucket;
    private final Upcoming<Part> upcoming = new Upcoming<>();
    private long waitedNanos;

    /**
     * Compiles nothing yet.
     *
     * @param entry of {@link #entry}
     * @param anyBucket for the update, which is the same whatever the extents of a part
     */
    Steps(
            Device device,
            Function<Bucket, Program> programs,
            Bucket anyBucket,
            Entry entry,
            Sharding sharding,
            Training training) {
        this.rank = device.rank();
        this.training = training;
        this.entry = entry;
        this.anyBucket = anyBucket;
        parts = new Programs(device, programs, entry, sharding);
        updates = new Programs(device, programs, Entry.APPLY, sharding);
    }

    /** What the program of a part does where a batch has so many. */
    static Entry entry(int parts, Rank rank) {
        return parts > rank.count() ? Entry.GRADIENTS : Entry.STEP;
    }

    /** Compiles what a step and the one after it need, unless it is there. */
    void prepare(Cursor at) {
        parts.prepare(bucket(at));
        Cursor next = next(at);
        if (training.goesOn(next)) {
            parts.prepare(bucket(next));
        }
        if (entry == Entry.GRADIENTS) {
            updates.prepare(anyBucket);
        }
    }

    /** The outputs of a step that was prepared. */
    Map<String, HostTensor> run(Cursor at, State state) {
        Map<String, HostTensor> outputs = Map.of();
        List<Part> own = parts(at);
        for (int i = 0; i < own.size(); i++) {
            Part part = own.get(i);
            try (Staged staged = taken(part)) {
                following(own, i).ifPresent(next -> upcoming.begin(next, staged(next)));
                outputs = parts.run(bucket(at), state, staged);
            }
        }
        return entry == Entry.GRADIENTS ? updates.run(anyBucket, state, training.scalars(at)) : outputs;
    }

    private Staged taken(Part part) {
        long began = System.nanoTime();
        Staged staged = upcoming.take(part, staged(part));
        waitedNanos += System.nanoTime() - began;
        return staged;
    }

    /** How long steps have waited for their batches so far. */
    double waitedSeconds() {
        return waitedNanos * 1e-9;
    }

    /** Where this rank's parts of a step on this state first give a value that is not finite. */
    Optional<String> firstNotFinite(Cursor at, State state) {
        return parts(at).stream()
                .flatMap(part -> parts.firstNotFinite(bucket(at), state, inputs(at, batch(part))).stream())
                .findFirst();
    }

    /** After a step: the next. */
    Cursor next(Cursor at) {
        return at.next(training.plan(at.epoch()).steps());
    }

    private Optional<Part> following(List<Part> own, int i) {
        if (i + 1 < own.size()) {
            return Optional.of(own.get(i + 1));
        }
        Cursor next = next(own.get(i).at());
        return training.goesOn(next) ? parts(next).stream().findFirst() : Optional.empty();
    }

    private List<Part> parts(Cursor at) {
        int all = training.plan(at.epoch()).parts(at.position());
        // Who has nothing in a step that is one program runs it on nothing, since all meet in it.
        return entry == Entry.STEP
                ? List.of(new Part(at, rank.index()))
                : rank.parts(all).mapToObj(index -> new Part(at, index)).toList();
    }

    /** Reads a part and sends it on its way, from any thread. What it is to read is known before. */
    private Supplier<Staged> staged(Part part) {
        BatchPlan.Batch batch = batch(part);
        return () -> parts.stage(batch.bucket(), inputs(part.at(), batch));
    }

    private BatchPlan.Batch batch(Part part) {
        return training.plan(part.at().epoch()).batch(part.at().position(), part.index());
    }

    private Map<String, HostTensor> inputs(Cursor at, BatchPlan.Batch batch) {
        Map<String, HostTensor> inputs = new HashMap<>(training.tensors(at, batch));
        inputs.putAll(training.scalars(at));
        return inputs;
    }

    private Bucket bucket(Cursor at) {
        return training.plan(at.epoch()).bucket(at.position());
    }

    /** Bytes of activations of the largest program so far. */
    long arenaBytes() {
        return Math.max(parts.arenaBytes(), updates.arenaBytes());
    }

    @Override
    public void close() {
        upcoming.close();
        parts.close();
        updates.close();
    }
}
