package io.glossa.trainer.train;

import io.glossa.trainer.autograd.Entry;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.autograd.Ranks;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Cursor;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Staged;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Steps of several streams, which a curriculum weighs: the gradients of all are added up, stream by stream, before all ranks
 * together update the model. Outputs of a stream have its name before theirs; {@code loss} is the weighted sum of theirs, and
 * {@code NAME.weight} with what each counts; {@code NAME.time-share} is what a stream takes of their time.
 */
final class StreamSteps implements Loop {
    private record Part(Cursor at, int stream, int index) {}

    /** The update is the same whatever the extents of a part. */
    private static final Bucket ANY = new Bucket(1, ModelConfig.SUBSAMPLING);

    private final Curriculum curriculum;
    private final Training training;
    private final List<StreamLane> lanes = new ArrayList<>();
    private final Trace declared = new Trace();
    private final Programs updates;
    private final Upcoming<Part> upcoming = new Upcoming<>();

    /** Compiles nothing yet. */
    StreamSteps(Device device, List<Stream> streams, Curriculum curriculum, TrainConfig config, Training training) {
        this.curriculum = curriculum;
        this.training = training;
        for (Stream stream : streams) {
            TrainConfig own = config.with(stream.batches());
            device.memory()
                    .ifPresent(memory -> MemoryCheck.require(
                            memory,
                            stream.objective(),
                            own,
                            Entry.GRADIENTS,
                            new Ranks(device.rank(), config.shards()),
                            "batch-seconds of stream " + stream.name()));
            lanes.add(new StreamLane(device, stream, own));
        }
        List<Program> programs = lanes.stream().map(StreamLane::program).toList();
        Joint.update(programs, declared, new Ranks(device.rank(), config.shards()));
        updates = new Programs((any, trace) -> Compile.update("streams", programs, trace, config.shards(), device));
    }

    @Override
    public Trace declared() {
        return declared;
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        lanes.forEach(lane -> settings.put(lane.name() + ".snapshot", Long.toString(lane.snapshot())));
        return settings;
    }

    @Override
    public long totalSteps() {
        return curriculum.steps();
    }

    @Override
    public void begin(Cursor at) {
        present(at).stream().map(lanes::get).forEach(lane -> lane.begin(before(lane, at)));
    }

    @Override
    public void prepare(Cursor at) {
        for (Cursor step : List.of(at, next(at))) {
            present(step).forEach(lane -> lanes.get(lane).prepare(before(lanes.get(lane), step)));
        }
        updates.prepare(ANY);
    }

    @Override
    public Map<String, HostTensor> run(Cursor at, State state) {
        Map<String, HostTensor> outputs = new LinkedHashMap<>();
        Map<String, Double> seconds = new LinkedHashMap<>();
        List<Part> parts = parts(at);
        double loss = 0;
        for (int number : present(at)) {
            StreamLane lane = lanes.get(number);
            long started = System.nanoTime();
            lane.weigh(before(lane, at), state, scalars(lane, at));
            for (int i = 0; i < parts.size(); i++) {
                if (parts.get(i).stream() == number) {
                    run(parts, i, state);
                }
            }
            Map<String, HostTensor> own = lane.metrics(state);
            own.forEach((name, value) -> outputs.put(lane.name() + "." + name, value));
            loss += weight(lane, at) * own.get("loss").at(0);
            lane.forgetBefore(before(lane, at));
            seconds.put(lane.name(), (System.nanoTime() - started) * 1e-9);
        }
        outputs.putAll(updates.run(ANY, state, training.scalars(at)));
        present(at).stream()
                .map(lanes::get)
                .forEach(lane -> outputs.put(lane.name() + ".weight", HostTensor.scalar((float) weight(lane, at))));
        double all = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
        seconds.forEach((name, own) -> outputs.put(name + ".time-share", HostTensor.scalar((float) (own / all))));
        Map<String, HostTensor> lossFirst = new LinkedHashMap<>(Map.of("loss", HostTensor.scalar((float) loss)));
        lossFirst.putAll(outputs);
        return lossFirst;
    }

    private void run(List<Part> parts, int i, State state) {
        Part part = parts.get(i);
        try (Staged staged = upcoming.take(part, staged(part))) {
            following(parts, i).ifPresent(next -> upcoming.begin(next, staged(next)));
            StreamLane lane = lanes.get(part.stream());
            lane.run(before(lane, part.at()), state, staged);
        }
    }

    private Optional<Part> following(List<Part> parts, int i) {
        if (i + 1 < parts.size()) {
            return Optional.of(parts.get(i + 1));
        }
        return parts(next(parts.get(i).at())).stream().findFirst();
    }

    /** This rank's of a step, in the order in which they are run; none behind the end. */
    private List<Part> parts(Cursor at) {
        List<Part> parts = new ArrayList<>();
        for (int number : present(at)) {
            StreamLane lane = lanes.get(number);
            lane.parts(before(lane, at)).forEach(index -> parts.add(new Part(at, number, index)));
        }
        return parts;
    }

    /** The numbers of the streams that a step has. */
    private List<Integer> present(Cursor at) {
        List<Integer> present = new ArrayList<>();
        for (int number = 0; number < lanes.size(); number++) {
            if (curriculum.weights(at.step()).containsKey(lanes.get(number).name())) {
                present.add(number);
            }
        }
        return present;
    }

    private long before(StreamLane lane, Cursor at) {
        return curriculum.before(lane.name(), at.step());
    }

    private double weight(StreamLane lane, Cursor at) {
        return curriculum.weights(at.step()).get(lane.name());
    }

    private Supplier<Staged> staged(Part part) {
        StreamLane lane = lanes.get(part.stream());
        return () -> lane.stage(
                before(lane, part.at()),
                part.index(),
                scalars(lane, part.at()),
                utterances -> training.reads(part.at(), utterances));
    }

    private Map<String, HostTensor> scalars(StreamLane lane, Cursor at) {
        Map<String, HostTensor> scalars = new LinkedHashMap<>(training.scalars(at));
        scalars.put(Trace.LOSS_WEIGHT, HostTensor.scalar((float) weight(lane, at)));
        return scalars;
    }

    @Override
    public Optional<String> firstNotFinite(Cursor at, State state) {
        return parts(at).stream()
                .flatMap(part -> firstNotFinite(part, state).stream())
                .findFirst();
    }

    private Optional<String> firstNotFinite(Part part, State state) {
        StreamLane lane = lanes.get(part.stream());
        return lane.firstNotFinite(before(lane, part.at()), part.index(), state, scalars(lane, part.at()))
                .map(where -> where + " of stream " + lane.name());
    }

    @Override
    public Set<String> suspects(Cursor at, State state, Set<String> utterances) {
        Set<String> streams = parts(at).stream()
                .filter(part -> firstNotFinite(part, state).isPresent())
                .map(part -> lanes.get(part.stream()).name() + StreamLane.MARK)
                .collect(Collectors.toSet());
        Set<String> suspects = utterances.stream()
                .filter(id -> streams.stream().anyMatch(id::startsWith))
                .collect(Collectors.toCollection(TreeSet::new));
        return suspects.isEmpty() ? utterances : suspects;
    }

    /** A place in an epoch is the stream's own; here one epoch has all steps. */
    @Override
    public Cursor next(Cursor at) {
        return at.next(Integer.MAX_VALUE);
    }

    @Override
    public double audioSeconds(Cursor at) {
        return present(at).stream()
                .map(lanes::get)
                .mapToDouble(lane -> lane.audioSeconds(before(lane, at)))
                .sum();
    }

    @Override
    public double waitedSeconds() {
        return upcoming.waitedSeconds()
                + lanes.stream().mapToDouble(StreamLane::waitedSeconds).sum();
    }

    @Override
    public long arenaBytes() {
        return Math.max(
                updates.arenaBytes(),
                lanes.stream().mapToLong(StreamLane::arenaBytes).max().orElse(0));
    }

    @Override
    public void close() {
        upcoming.close();
        lanes.forEach(StreamLane::close);
        updates.close();
    }
}
