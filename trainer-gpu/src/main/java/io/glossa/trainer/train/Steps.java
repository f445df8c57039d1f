package io.glossa.trainer.train;

import io.glossa.trainer.autograd.Entry;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.autograd.Ranks;
import io.glossa.trainer.data.BatchPlan;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Cursor;
import io.glossa.trainer.data.Example;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Staged;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Steps on one device: this rank's parts of each batch, the next of which is read while one is computed. Where a rank may have
 * several, their gradients are added up before all ranks together update the model; else a part is a whole step.
 */
final class Steps implements Loop {
    private record Part(Cursor at, int index) {}

    private final Rank rank;
    private final Objective objective;
    private final Feed feed;
    private final TrainConfig config;
    private final Training training;
    private final Programs parts;
    private final Programs updates;
    private final Entry entry;
    private final Trace declared;
    private final Upcoming<Part> upcoming = new Upcoming<>();

    /** Compiles nothing yet. */
    Steps(Device device, Objective objective, BatchSource source, TrainConfig config, Training training) {
        this.rank = device.rank();
        this.objective = objective;
        this.config = config;
        this.training = training;
        feed = new Feed(source, config.batches(), config.seed(), config.passes());
        entry = entry(config.batches().parts(), rank);
        Ranks ranks = new Ranks(rank, config.shards());
        device.memory()
                .ifPresent(memory -> MemoryCheck.require(memory, objective, config, entry, ranks, "batch-seconds"));
        parts = new Programs(device, this::program, entry, ranks.sharding());
        updates = new Programs(device, this::program, Entry.APPLY, ranks.sharding());
        declared = Joint.declared(program(feed.shortest()), entry, ranks);
    }

    /** What the program of a part does where a batch has so many. */
    static Entry entry(int parts, Rank rank) {
        return parts > rank.count() ? Entry.GRADIENTS : Entry.STEP;
    }

    @Override
    public Trace declared() {
        return declared;
    }

    @Override
    public long totalSteps() {
        return (long) config.passes() * feed.steps();
    }

    @Override
    public void begin(Cursor at) {
        feed.begin(at.epoch(), at.position(), rank);
    }

    @Override
    public void prepare(Cursor at) {
        parts.prepare(bucket(at));
        Cursor next = next(at);
        if (next.step() < totalSteps()) {
            parts.prepare(bucket(next));
        }
        if (entry == Entry.GRADIENTS) {
            updates.prepare(feed.shortest());
        }
    }

    @Override
    public Map<String, HostTensor> run(Cursor at, State state) {
        Map<String, HostTensor> outputs = Map.of();
        List<Part> own = parts(at);
        for (int i = 0; i < own.size(); i++) {
            Part part = own.get(i);
            try (Staged staged = upcoming.take(part, staged(part))) {
                following(own, i).ifPresent(next -> upcoming.begin(next, staged(next)));
                outputs = parts.run(bucket(at), state, staged);
            }
        }
        feed.forgetBefore(at.epoch());
        return entry == Entry.GRADIENTS ? updates.run(feed.shortest(), state, training.scalars(at)) : outputs;
    }

    @Override
    public double waitedSeconds() {
        return upcoming.waitedSeconds();
    }

    @Override
    public Optional<String> firstNotFinite(Cursor at, State state) {
        return parts(at).stream()
                .flatMap(part -> parts.firstNotFinite(bucket(at), state, inputs(at, batch(part))).stream())
                .findFirst();
    }

    @Override
    public Cursor next(Cursor at) {
        return at.next(feed.steps());
    }

    @Override
    public double audioSeconds(Cursor at) {
        return feed.audioSeconds(at.epoch(), at.position());
    }

    private Program program(Bucket bucket) {
        return Program.training(
                objective.kind() + "-" + bucket.name(), trace -> objective.trace(trace, bucket), config.optimizer());
    }

    private Optional<Part> following(List<Part> own, int i) {
        if (i + 1 < own.size()) {
            return Optional.of(own.get(i + 1));
        }
        Cursor next = next(own.get(i).at());
        return next.step() < totalSteps() ? parts(next).stream().findFirst() : Optional.empty();
    }

    private List<Part> parts(Cursor at) {
        int all = feed.plan(at.epoch()).parts(at.position());
        // Who has nothing for a program in which all meet runs it on nothing.
        IntStream own = entry == Entry.STEP ? rank.turns(all) : config.parts(rank, all);
        return own.mapToObj(index -> new Part(at, index)).toList();
    }

    /** Reads a part and sends it on its way, from any thread. What it is to read is known before. */
    private Supplier<Staged> staged(Part part) {
        BatchPlan.Batch batch = batch(part);
        return () -> parts.stage(batch.bucket(), inputs(part.at(), batch));
    }

    private BatchPlan.Batch batch(Part part) {
        return feed.plan(part.at().epoch()).batch(part.at().position(), part.index());
    }

    private Map<String, HostTensor> inputs(Cursor at, BatchPlan.Batch batch) {
        List<Example> examples = feed.examples(batch);
        training.reads(
                at, examples.stream().map(example -> example.utterance().id()).toList());
        Map<String, HostTensor> inputs = new HashMap<>(BatchTensors.of(
                examples, batch.bucket(), at.epoch(), objective.model().mels()));
        inputs.putAll(training.scalars(at));
        return inputs;
    }

    private Bucket bucket(Cursor at) {
        return feed.plan(at.epoch()).bucket(at.position());
    }

    @Override
    public long arenaBytes() {
        return Math.max(parts.arenaBytes(), updates.arenaBytes());
    }

    @Override
    public void close() {
        upcoming.close();
        parts.close();
        updates.close();
        feed.close();
    }
}
