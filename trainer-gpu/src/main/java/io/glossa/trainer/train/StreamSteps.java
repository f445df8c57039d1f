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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Steps of several streams, which a curriculum weighs: the gradients of all are added up, stream by stream, before all ranks
 * together update the model. Outputs of a stream have its name before theirs; {@code loss} is the weighted sum of theirs, and
 * {@code NAME.weight} with what each counts; {@code NAME.time-share} is what a stream takes of their time.
 */
final class StreamSteps implements Loop {
    /**
     * What a stream does of a step.
     *
     * @param step which one of those that have the stream
     * @param weight of its loss
     */
    private record Turn(Cursor at, StreamLane lane, long step, double weight) {}

    private record Part(Turn turn, int index) {}

    /** The update is the same whatever the extents of a part. */
    private static final Bucket ANY = new Bucket(1, ModelConfig.SUBSAMPLING);

    private final Curriculum curriculum;
    private final Training training;
    private final List<StreamLane> lanes = new ArrayList<>();
    private final Trace declared = new Trace();
    private final Function<List<StreamLane>, Programs> compiler;

    /** By the streams of a step: what none of them trains stays as it is. */
    private final Map<List<StreamLane>, Programs> updates = new HashMap<>();

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
        Joint.update(programs(lanes), declared, new Ranks(device.rank(), config.shards()));
        compiler = some ->
                new Programs((any, trace) -> Compile.update("streams", programs(some), trace, config.shards(), device));
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
        turns(at).forEach(turn -> turn.lane().begin(turn.step()));
    }

    @Override
    public void prepare(Cursor at) {
        turns(at).forEach(turn -> turn.lane().prepare(turn.step()));
        turns(next(at)).forEach(turn -> turn.lane().prepare(turn.step()));
        update(at).prepare(ANY);
    }

    @Override
    public Map<String, HostTensor> run(Cursor at, State state) {
        Map<String, HostTensor> outputs = new LinkedHashMap<>(Map.of("loss", HostTensor.scalar(0f)));
        Map<String, Double> seconds = new LinkedHashMap<>();
        List<Part> parts = parts(at);
        double loss = 0;
        for (Turn turn : turns(at)) {
            StreamLane lane = turn.lane();
            long started = System.nanoTime();
            lane.weigh(turn.step(), state, scalars(turn));
            for (int i = 0; i < parts.size(); i++) {
                if (parts.get(i).turn().equals(turn)) {
                    run(parts, i, state);
                }
            }
            Map<String, HostTensor> own = lane.metrics(state);
            own.forEach((name, value) -> outputs.put(lane.name() + "." + name, value));
            outputs.put(lane.name() + ".weight", HostTensor.scalar((float) turn.weight()));
            loss += turn.weight() * own.get("loss").at(0);
            lane.forgetBefore(turn.step());
            seconds.put(lane.name(), (System.nanoTime() - started) * 1e-9);
        }
        outputs.put("loss", HostTensor.scalar((float) loss));
        outputs.putAll(update(at).run(ANY, state, training.scalars(at)));
        double all = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
        seconds.forEach((name, own) -> outputs.put(name + ".time-share", HostTensor.scalar((float) (own / all))));
        return outputs;
    }

    private Programs update(Cursor at) {
        return updates.computeIfAbsent(turns(at).stream().map(Turn::lane).toList(), compiler);
    }

    private static List<Program> programs(List<StreamLane> lanes) {
        return lanes.stream().map(StreamLane::program).toList();
    }

    private void run(List<Part> parts, int i, State state) {
        Part part = parts.get(i);
        try (Staged staged = upcoming.take(part, staged(part))) {
            following(parts, i).ifPresent(next -> upcoming.begin(next, staged(next)));
            part.turn().lane().run(part.turn().step(), state, staged);
        }
    }

    private Optional<Part> following(List<Part> parts, int i) {
        if (i + 1 < parts.size()) {
            return Optional.of(parts.get(i + 1));
        }
        return parts(next(parts.get(i).turn().at())).stream().findFirst();
    }

    /** This rank's of a step, in the order in which they are run; none behind the end. */
    private List<Part> parts(Cursor at) {
        List<Part> parts = new ArrayList<>();
        for (Turn turn : turns(at)) {
            turn.lane().parts(turn.step()).forEach(index -> parts.add(new Part(turn, index)));
        }
        return parts;
    }

    /** Of the streams that a step has. */
    private List<Turn> turns(Cursor at) {
        Map<String, Double> weights = curriculum.weights(at.step());
        return lanes.stream()
                .filter(lane -> weights.containsKey(lane.name()))
                .map(lane -> new Turn(at, lane, curriculum.before(lane.name(), at.step()), weights.get(lane.name())))
                .toList();
    }

    private Supplier<Staged> staged(Part part) {
        Turn turn = part.turn();
        return () -> turn.lane().stage(turn.step(), part.index(), scalars(turn), ids -> training.reads(turn.at(), ids));
    }

    private Map<String, HostTensor> scalars(Turn turn) {
        Map<String, HostTensor> scalars = new LinkedHashMap<>(training.scalars(turn.at()));
        scalars.put(Trace.LOSS_WEIGHT, HostTensor.scalar((float) turn.weight()));
        return scalars;
    }

    @Override
    public Optional<String> firstNotFinite(Cursor at, State state) {
        return parts(at).stream()
                .flatMap(part -> firstNotFinite(part, state).stream())
                .findFirst();
    }

    private Optional<String> firstNotFinite(Part part, State state) {
        Turn turn = part.turn();
        return turn.lane()
                .firstNotFinite(turn.step(), part.index(), state, scalars(turn))
                .map(where -> where + " of stream " + turn.lane().name());
    }

    @Override
    public Set<String> suspects(Cursor at, State state, Set<String> utterances) {
        Set<String> streams = parts(at).stream()
                .filter(part -> firstNotFinite(part, state).isPresent())
                .map(part -> part.turn().lane().name() + StreamLane.MARK)
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
        return turns(at).stream()
                .mapToDouble(turn -> turn.lane().audioSeconds(turn.step()))
                .sum();
    }

    @Override
    public double waitedSeconds() {
        return upcoming.waitedSeconds()
                + lanes.stream().mapToDouble(StreamLane::waitedSeconds).sum();
    }

    @Override
    public long arenaBytes() {
        return LongStream.concat(
                        updates.values().stream().mapToLong(Programs::arenaBytes),
                        lanes.stream().mapToLong(StreamLane::arenaBytes))
                .max()
                .orElse(0);
    }

    @Override
    public void close() {
        upcoming.close();
        lanes.forEach(StreamLane::close);
        updates.values().forEach(Programs::close);
    }
}
