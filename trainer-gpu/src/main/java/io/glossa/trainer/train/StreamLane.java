package io.glossa.trainer.train;

import io.glossa.trainer.autograd.Entry;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Example;
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
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** What a stream does of each step: what its batch weighs, its gradients, its metrics. Its steps are those that have it. */
final class StreamLane implements AutoCloseable {
    /** Behind a stream's name, before the id of its utterance. */
    static final String MARK = "/";

    private final Stream stream;
    private final TrainConfig config;
    private final Rank rank;
    private final Feed feed;
    private final Programs weights;
    private final Programs shares;
    private final Programs gradients;
    private final Programs metrics;
    private long waitedNanos;

    /** Where a step is. */
    private record Place(int epoch, int position) {}

    StreamLane(Device device, Stream stream, TrainConfig config) {
        this.stream = stream;
        this.config = config;
        rank = device.rank();
        feed = new Feed(stream.source(), config.batches(), config.seed(), Integer.MAX_VALUE);
        weights = programs(device, Entry.WEIGHT);
        shares = programs(device, Entry.SHARE);
        gradients = programs(device, Entry.GRADIENTS);
        metrics = programs(device, Entry.APPLY);
    }

    private Programs programs(Device device, Entry entry) {
        return new Programs(device, this::program, entry, config.shards());
    }

    private Program program(Bucket bucket) {
        return Program.stream(
                name(),
                stream.objective().kind() + "-" + name() + "-" + bucket.name(),
                trace -> stream.objective().trace(trace, bucket),
                config.optimizer());
    }

    /** One whose parameters, and whose sums over a batch, are those of every bucket's. */
    Program program() {
        return program(feed.shortest());
    }

    String name() {
        return stream.name();
    }

    /** The id of the snapshot that is read. */
    long snapshot() {
        return stream.source().snapshot();
    }

    void begin(long step) {
        Place at = place(step);
        feed.begin(at.epoch(), at.position(), rank);
    }

    void prepare(long step) {
        weights.prepare(bucket(step));
        gradients.prepare(bucket(step));
        metrics.prepare(feed.shortest());
        if (rank.count() > 1) {
            shares.prepare(feed.shortest());
        }
    }

    /** This rank's parts of a step that gradients are computed of; where ranks meet in each, as many as any has. */
    IntStream parts(long step) {
        return config.parts(rank, allParts(step));
    }

    private int allParts(long step) {
        Place at = place(step);
        return feed.plan(at.epoch()).parts(at.position());
    }

    /** Leaves on the device what the batch of a step weighs, on all ranks. */
    void weigh(long step, State state, Map<String, HostTensor> scalars) {
        rank.parts(allParts(step)).forEach(part -> {
            long began = System.nanoTime();
            List<Example> examples = examples(step, part);
            waitedNanos += System.nanoTime() - began;
            Map<String, HostTensor> inputs = new HashMap<>(BatchTensors.withoutFeatures(
                    examples, bucket(step), place(step).epoch()));
            inputs.putAll(scalars);
            weights.run(bucket(step), state, inputs);
        });
        if (rank.count() > 1) {
            shares.run(feed.shortest(), state, Map.of());
        }
    }

    /** Adds the gradients of a part. */
    void run(long step, State state, Staged part) {
        gradients.run(bucket(step), state, part);
    }

    /** Of what was added, over all ranks; begins again from zero. */
    Map<String, HostTensor> metrics(State state) {
        return metrics.run(feed.shortest(), state, Map.of());
    }

    /** How long weighing has waited for what it weighs so far. */
    double waitedSeconds() {
        return waitedNanos * 1e-9;
    }

    /** No step before this one will be asked for. */
    void forgetBefore(long step) {
        feed.forgetBefore(place(step).epoch());
    }

    /**
     * Reads a part and sends it on its way. From any thread.
     *
     * @param reads is told which utterances it has
     */
    Staged stage(long step, int part, Map<String, HostTensor> scalars, Consumer<List<String>> reads) {
        List<Example> examples = examples(step, part);
        reads.accept(examples.stream()
                .map(example -> name() + MARK + example.utterance().id())
                .toList());
        return gradients.stage(bucket(step), inputs(examples, step, scalars));
    }

    Optional<String> firstNotFinite(long step, int part, State state, Map<String, HostTensor> scalars) {
        return gradients.firstNotFinite(bucket(step), state, inputs(examples(step, part), step, scalars));
    }

    private Map<String, HostTensor> inputs(List<Example> examples, long step, Map<String, HostTensor> scalars) {
        int epoch = place(step).epoch();
        Map<String, HostTensor> inputs = stream.layout()
                .map(layout -> BatchTensors.ofText(examples, bucket(step), epoch, layout, config.seed()))
                .orElseGet(() -> BatchTensors.of(
                        examples,
                        bucket(step),
                        epoch,
                        stream.objective().model().mels()));
        inputs.putAll(scalars);
        return inputs;
    }

    private List<Example> examples(long step, int part) {
        Place at = place(step);
        return feed.examples(feed.plan(at.epoch()).batch(at.position(), part));
    }

    private Bucket bucket(long step) {
        Place at = place(step);
        return feed.plan(at.epoch()).bucket(at.position());
    }

    private Place place(long step) {
        return new Place(Math.toIntExact(step / feed.steps()), (int) (step % feed.steps()));
    }

    /** Audio of a step, on all ranks; texts have none. */
    double audioSeconds(long step) {
        if (stream.layout().isPresent()) {
            return 0;
        }
        Place at = place(step);
        return feed.audioSeconds(at.epoch(), at.position());
    }

    /** Bytes of activations of the largest program so far. */
    long arenaBytes() {
        return java.util.stream.Stream.of(weights, gradients, metrics)
                .mapToLong(Programs::arenaBytes)
                .max()
                .orElse(0);
    }

    @Override
    public void close() {
        List.of(weights, shares, gradients, metrics).forEach(Programs::close);
        feed.close();
    }
}
