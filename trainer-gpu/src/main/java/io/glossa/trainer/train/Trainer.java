package io.glossa.trainer.train;

import io.glossa.config.ConfigBinder;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Part;
import io.glossa.storage.checkpoint.Tensor;
import io.glossa.trainer.autograd.Entry;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.autograd.Ranks;
import io.glossa.trainer.data.BatchPlan;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Cursor;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.data.Windows;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.nn.FrontEnd;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Inputs;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The training loop. Owns the model's state on the device and the compiled programs, one per bucket; where it stands is a
 * {@link Cursor}, so that a resume is immediate and gives the same bits as a run without a stop.
 */
public final class Trainer implements AutoCloseable {
    /** Settings that a resumed run may change. */
    private static final Set<String> CHANGEABLE =
            Set.of("passes", "checkpoint-steps", "keep-last", "keep-every", "sharding");

    /** Where the bits of results depend on the number of threads, it is kept with the settings. */
    private static final String THREADS = "threads";

    private static final String RANKS = "ranks";

    /** A position in an epoch is one in the order of batches of this version: another number when that order changes. */
    private static final String ORDER = "order";

    private static final String THIS_ORDER = "2";

    private final Rank rank;
    private final OptionalInt threads;
    private final Objective objective;
    private final BatchSource source;
    private final TrainConfig config;
    private final Buckets buckets;
    private final Steps loop;
    private final Trace declared;
    private final State state;
    private final LearningRate schedule;
    private final Metrics metrics;
    private final Map<Integer, BatchPlan> plans = new ConcurrentHashMap<>();
    private final Windows windows;
    private Cursor cursor;

    private Trainer(Device device, Objective objective, BatchSource source, TrainConfig config, Start start) {
        this.rank = device.rank();
        this.threads = device.threads();
        this.objective = objective;
        this.source = source;
        this.config = config;
        buckets = config.bucketTable();
        source.census().requireSome();
        Entry entry = Steps.entry(config.parts(), rank);
        Ranks ranks = new Ranks(rank, config.shards());
        device.memory().ifPresent(memory -> MemoryCheck.require(memory, objective, config, entry, ranks));
        Bucket shortest = buckets.table().get(0);
        loop = new Steps(device, this::program, shortest, entry, ranks.sharding(), new Plan());
        declared = Joint.declared(program(shortest), entry, ranks);
        cursor = start instanceof Start.Resume resume
                ? Cursor.of(resume.checkpoint().meta().cursor())
                : Cursor.start(source.snapshot(), config.seed());
        metrics = new Metrics(
                start instanceof Start.Resume resume
                        ? resume.checkpoint().meta().metrics()
                        : Map.of(),
                cursor.step());
        schedule = new LearningRate(config, totalSteps());
        state = device.allocate(initial(start));
        windows = new Windows(source, this::plan, config.passes());
    }

    /**
     * Makes ready to train; nothing is compiled before its first step.
     *
     * @throws GlossaException of type USER if a resumed checkpoint is of other data, another model or other settings, or was
     *     trained on another number of threads where that matters, or if a batch does not fit into the device's memory
     */
    public static Trainer open(
            Device device, Objective objective, BatchSource source, TrainConfig config, Start start) {
        return new Trainer(device, objective, source, config, start);
    }

    /** Steps done, over all runs. */
    public long step() {
        return cursor.step();
    }

    /** Steps of the whole training. */
    public long totalSteps() {
        return (long) config.passes() * plan(cursor.epoch()).steps();
    }

    /** Which of those that train together it is. */
    public Rank rank() {
        return rank;
    }

    /**
     * Trains to the end; all ranks together write checkpoints into a folder, while training goes on. Lineage is put into each.
     *
     * @param attempt a word that the ranks which started together have in common, and no others
     * @throws GlossaException of type RESOURCE if a checkpoint cannot be written
     */
    public void run(Folder folder, String attempt, Map<String, String> lineage, StepListener listener) {
        Part part = new Part(rank.index(), rank.count(), attempt);
        try (Saver saver = new Saver(folder, part, config.retention(), declared)) {
            StepListener both = report -> {
                listener.onStep(report);
                saver.requireWell();
            };
            long written = cursor.step();
            while (cursor.step() < totalSteps()) {
                long every = config.checkpointSteps();
                long next = Math.min(totalSteps(), (written / every + 1) * every);
                run(next - cursor.step(), both);
                listener.onCheckpoint();
                saver.save(state, meta(lineage));
                written = cursor.step();
            }
            saver.finish();
        }
    }

    /** Trains for some steps, or to the end if that is nearer. */
    public void run(long steps, StepListener listener) {
        long last = Math.min(totalSteps(), cursor.step() + steps);
        double audioSeconds = 0;
        double wallSeconds = 0;
        if (cursor.step() < last) {
            windows.begin(
                    cursor.epoch(),
                    cursor.position(),
                    rank.parts(config.parts()).toArray());
        }
        while (cursor.step() < last) {
            loop.prepare(cursor);
            long started = System.nanoTime();
            Map<String, Double> now = Metrics.of(loop.run(cursor, state));
            wallSeconds += (System.nanoTime() - started) * 1e-9;
            audioSeconds += audioSeconds(cursor);
            requireFinite(now);
            double rate = schedule.at(cursor.step());
            cursor = loop.next(cursor);
            Map<String, Double> smoothed = metrics.smoothed(now);
            plans.keySet().removeIf(epoch -> epoch < cursor.epoch());
            listener.onStep(new StepReport(
                    cursor.step(), totalSteps(), cursor.epoch(), rate, now, smoothed, audioSeconds / wallSeconds));
        }
    }

    /** All that is needed to go on from here; of a state of which each rank has a part, this rank's. */
    public Checkpoint checkpoint(Map<String, String> lineage) {
        Map<String, ByteBuffer> buffers = new HashMap<>();
        return new Checkpoint(
                cursor.step(),
                ModelTensors.read(state, ModelTensors.model(declared).keySet(), buffers),
                ModelTensors.read(state, ModelTensors.optimizer(declared).keySet(), buffers),
                meta(lineage));
    }

    private CheckpointMeta meta(Map<String, String> lineage) {
        return new CheckpointMeta(
                cursor.step(), objective.kind(), settings(), cursor.toMap(), metrics.averages(), lineage);
    }

    /** Bytes of activations of the largest program so far. */
    public long arenaBytes() {
        return loop.arenaBytes();
    }

    @Override
    public void close() {
        loop.close();
        windows.close();
        state.close();
    }

    private Program program(Bucket bucket) {
        return Program.training(
                objective.kind() + "-" + bucket.name(), trace -> objective.trace(trace, bucket), config.optimizer());
    }

    /** What the steps ask for. */
    private final class Plan implements Steps.Training {
        @Override
        public BatchPlan plan(int epoch) {
            return Trainer.this.plan(epoch);
        }

        @Override
        public boolean goesOn(Cursor at) {
            return at.step() < totalSteps();
        }

        @Override
        public Map<String, HostTensor> scalars(Cursor at) {
            return Map.of(
                    Trace.SEED, HostTensor.scalar(config.seed()),
                    Trace.STEP, HostTensor.scalar((int) at.step()),
                    Inputs.LEARNING_RATE, HostTensor.scalar((float) schedule.at(at.step())));
        }

        @Override
        public Map<String, HostTensor> tensors(Cursor at, BatchPlan.Batch part) {
            return BatchTensors.of(
                    windows.examples(part),
                    part.bucket(),
                    at.epoch(),
                    objective.model().mels());
        }
    }

    private BatchPlan plan(int epoch) {
        return plans.computeIfAbsent(
                epoch, e -> BatchPlan.of(source.census(), buckets, config.seed(), e, config.parts()));
    }

    /** Of a step, on all ranks, by the mean length of its bucket's utterances, which sums up to what they have. */
    private double audioSeconds(Cursor at) {
        BatchPlan plan = plan(at.epoch());
        int bucket = plan.bucketNumber(at.position());
        double mean = (double) source.census().frames(bucket) / source.census().utterances(bucket);
        return plan.utterances(at.position()) * mean / Bucket.FRAMES_PER_SECOND;
    }

    /** The optimizer kept the state as it was, so that the same step can be looked at again. */
    private void requireFinite(Map<String, Double> metrics) {
        for (String name : List.of("loss", "gradient-norm")) {
            if (!Double.isFinite(metrics.get(name))) {
                String first = loop.firstNotFinite(cursor, state)
                        .map(where -> ", first in " + where)
                        .orElse("");
                throw GlossaException.data("Cannot go on training: the " + name + " of step " + (cursor.step() + 1)
                        + " is " + metrics.get(name) + first
                        + ", expected finite numbers (a smaller learning-rate may help)");
            }
        }
    }

    private Map<String, LazyTensor> initial(Start start) {
        Map<String, LazyTensor> values = new LinkedHashMap<>(declared.initial(config.seed()));
        if (start instanceof Start.Resume resume) {
            requireSame(resume.checkpoint().meta());
            values.putAll(ModelTensors.write(resume.checkpoint(), declared, rank));
            return values;
        }
        values.putAll(
                start instanceof Start.Transfer transfer
                        ? transferred(transfer.pretrained())
                        : ModelTensors.made(
                                FeatureStatistics.of(source, objective.model().mels())));
        return values;
    }

    /** The encoder and the front end; what belongs to the other objective stays behind. */
    private Map<String, LazyTensor> transferred(Checkpoint pretrained) {
        Map<String, Tensor> tensors = pretrained.model();
        Map<String, Type> wanted = new LinkedHashMap<>(ModelTensors.model(declared));
        wanted.keySet()
                .removeIf(name ->
                        !name.startsWith("encoder.") && !name.equals(FrontEnd.MEAN) && !name.equals(FrontEnd.STD));
        return ModelTensors.write(tensors, wanted, "encoder");
    }

    private void requireSame(CheckpointMeta meta) {
        String order = meta.config().getOrDefault(ORDER, "1");
        if (!order.equals(THIS_ORDER)) {
            throw GlossaException.user("Cannot resume training: the checkpoint was trained in an order of batches of"
                    + " another version, order=" + order + ", expected order=" + THIS_ORDER
                    + " (start anew in another folder; finetune takes its encoder by --init)");
        }
        cursor.requireSnapshot(source.snapshot());
        if (!meta.kind().equals(objective.kind())) {
            throw GlossaException.user("Cannot resume training: the checkpoint is of kind '" + meta.kind()
                    + "', expected '" + objective.kind() + "' (start anew in another folder)");
        }
        if (Integer.toString(rank.count()).equals(meta.config().getOrDefault(RANKS, "1"))) {
            requireSameThreads(meta.config().get(THREADS)); // with other ranks sums have other last bits anyway
        }
        Map<String, String> settings = settings();
        settings.keySet().removeAll(Set.of(THREADS, RANKS));
        Map<String, String> before = ModelConfig.todays(meta.config());
        settings.forEach((key, value) -> {
            if (!CHANGEABLE.contains(key) && !value.equals(before.get(key))) {
                throw GlossaException.user("Cannot resume training: the checkpoint has " + key + "="
                        + before.get(key) + ", found " + key + "=" + value
                        + ", expected the same (start anew in another folder)");
            }
        });
    }

    /** What was trained on a device whose threads do not matter, or by a version that did not note them, has none. */
    private void requireSameThreads(String before) {
        if (before != null && threads.isPresent() && !before.equals(Integer.toString(threads.getAsInt()))) {
            throw GlossaException.user("Cannot resume training: the checkpoint has threads=" + before
                    + ", found threads=" + threads.getAsInt() + ", expected the same, on which the last bits of sums"
                    + " depend (--threads " + before + " works with any number of cores)");
        }
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>(objective.config());
        settings.putAll(ConfigBinder.values(config));
        settings.put(ORDER, THIS_ORDER);
        settings.put(RANKS, Integer.toString(rank.count()));
        threads.ifPresent(count -> settings.put(THREADS, Integer.toString(count)));
        return settings;
    }
}
