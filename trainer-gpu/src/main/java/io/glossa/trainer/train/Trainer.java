package io.glossa.trainer.train;

import io.glossa.config.ConfigBinder;
import io.glossa.error.GlossaException;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.checkpoint.Tensor;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.data.BatchPlan;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Cursor;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.nn.FrontEnd;
import io.glossa.trainer.objective.Inputs;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Staged;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The training loop. Owns the model's state on the device and the compiled programs, one per bucket; where it stands is a
 * {@link Cursor}, so that a resume is immediate and gives the same bits as a run without a stop.
 */
public final class Trainer implements AutoCloseable {
    /** Settings that a resumed run may change. */
    private static final Set<String> CHANGEABLE = Set.of("passes", "checkpoint-steps");

    /** Where the bits of results depend on the number of threads, it is kept with the settings. */
    private static final String THREADS = "threads";

    private final Rank rank;
    private final OptionalInt threads;
    private final Objective objective;
    private final BatchSource source;
    private final TrainConfig config;
    private final Admission admission;
    private final Buckets buckets;
    private final Programs programs;
    private final Trace declared;
    private final State state;
    private final LearningRate schedule;
    private final Metrics metrics;
    private final Map<Integer, BatchPlan> plans = new HashMap<>();
    private final Upcoming<Cursor> upcoming = new Upcoming<>();
    private Cursor cursor;

    private Trainer(Device device, Objective objective, BatchSource source, TrainConfig config, Start start) {
        this.rank = device.rank();
        this.threads = device.threads();
        this.objective = objective;
        this.source = source;
        this.config = config;
        buckets = config.bucketTable();
        admission = Admission.of(source, buckets, objective);
        if (admission.indices().length == 0) {
            throw GlossaException.data("Cannot train: none of " + source.size() + " utterances can be used, "
                            + admission.rejected() + ", expected at least one")
                    .forWantOfInput();
        }
        device.memory().ifPresent(memory -> MemoryCheck.require(memory, objective, config));
        programs = new Programs(device, this::program);
        declared = new Trace();
        Joint.graph(program(buckets.table().get(0)), declared);
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

    /** Which utterances are used, and why others are not. */
    public Admission admission() {
        return admission;
    }

    /** Trains to the end; the first rank writes checkpoints into a folder. Lineage is put into each. */
    public void run(Path folder, Map<String, String> lineage, StepListener listener) {
        long written = cursor.step();
        while (cursor.step() < totalSteps()) {
            long next = Math.min(totalSteps(), written + config.checkpointSteps());
            run(next - cursor.step(), listener);
            if (rank.index() == 0) {
                Checkpoints.write(folder, checkpoint(lineage));
            }
            written = cursor.step();
        }
    }

    /** Trains for some steps, or to the end if that is nearer. */
    public void run(long steps, StepListener listener) {
        long last = Math.min(totalSteps(), cursor.step() + steps);
        double audioSeconds = 0;
        double wallSeconds = 0;
        while (cursor.step() < last) {
            BatchPlan.Batch batch = batch(cursor);
            Cursor next = cursor.next(plan(cursor.epoch()).steps());
            boolean more = next.step() < totalSteps();
            programs.prepare(batch.bucket());
            if (more) {
                programs.prepare(batch(next).bucket());
            }
            double rate = schedule.at(cursor.step());

            Map<String, Double> now;
            long started = System.nanoTime();
            try (Staged staged = upcoming.take(cursor, staged(cursor))) {
                if (more) {
                    upcoming.begin(next, staged(next));
                }
                now = Metrics.of(programs.run(batch.bucket(), state, staged));
                wallSeconds += (System.nanoTime() - started) * 1e-9;
                audioSeconds += audioSeconds(batch);
                requireFinite(now, batch.bucket(), staged.values());
            }
            cursor = next;
            Map<String, Double> smoothed = metrics.smoothed(now);
            plans.keySet().removeIf(epoch -> epoch < cursor.epoch());
            listener.onStep(new StepReport(
                    cursor.step(), totalSteps(), cursor.epoch(), rate, now, smoothed, audioSeconds / wallSeconds));
        }
    }

    private BatchPlan.Batch batch(Cursor at) {
        return plan(at.epoch()).batch(at.position(), rank.index());
    }

    /** Reads the batch of a step and sends it on its way; its program is there. */
    private Supplier<Staged> staged(Cursor at) {
        BatchPlan.Batch batch = batch(at);
        return () -> programs.stage(batch.bucket(), inputs(batch, at, schedule.at(at.step())));
    }

    /** All that is needed to go on from here. */
    public Checkpoint checkpoint(Map<String, String> lineage) {
        CheckpointMeta meta = new CheckpointMeta(
                cursor.step(), objective.kind(), settings(), cursor.toMap(), metrics.averages(), lineage);
        return new Checkpoint(
                cursor.step(),
                ModelTensors.read(state, ModelTensors.model(declared).keySet()),
                ModelTensors.read(state, ModelTensors.optimizer(declared).keySet()),
                meta);
    }

    /** Bytes of activations of the largest program so far. */
    public long arenaBytes() {
        return programs.arenaBytes();
    }

    @Override
    public void close() {
        upcoming.close();
        programs.close();
        state.close();
    }

    private Program program(Bucket bucket) {
        return Program.training(
                objective.kind() + "-" + bucket.name(), trace -> objective.trace(trace, bucket), config.optimizer());
    }

    private Map<String, HostTensor> inputs(BatchPlan.Batch batch, Cursor at, double rate) {
        Map<String, HostTensor> inputs = new LinkedHashMap<>(
                BatchTensors.of(source, batch, at.epoch(), objective.model().mels()));
        inputs.put(Trace.SEED, HostTensor.scalar(config.seed()));
        inputs.put(Trace.STEP, HostTensor.scalar((int) at.step()));
        inputs.put(Inputs.LEARNING_RATE, HostTensor.scalar((float) rate));
        return inputs;
    }

    private BatchPlan plan(int epoch) {
        return plans.computeIfAbsent(
                epoch, e -> BatchPlan.of(source, admission.indices(), buckets, config.seed(), e, rank.count()));
    }

    private double audioSeconds(BatchPlan.Batch batch) {
        double frames = 0;
        for (int row : batch.rows()) {
            frames += source.utterance(row).frames();
        }
        return frames / Bucket.FRAMES_PER_SECOND;
    }

    /** The optimizer kept the state as it was, so that the same step can be looked at again. */
    private void requireFinite(Map<String, Double> metrics, Bucket bucket, Map<String, HostTensor> inputs) {
        for (String name : List.of("loss", "gradient-norm")) {
            if (!Double.isFinite(metrics.get(name))) {
                String first = programs.firstNotFinite(bucket, state, inputs)
                        .map(where -> ", first in " + where)
                        .orElse("");
                throw GlossaException.data("Cannot go on training: the " + name + " of step " + (cursor.step() + 1)
                        + " is " + metrics.get(name) + first
                        + ", expected finite numbers (a smaller learning-rate may help)");
            }
        }
    }

    private Map<String, LazyTensor> initial(Start start) {
        if (start instanceof Start.Resume resume) {
            requireSame(resume.checkpoint().meta());
            return ModelTensors.write(resume.checkpoint(), declared);
        }
        Map<String, LazyTensor> values = new LinkedHashMap<>(declared.initial(config.seed()));
        values.putAll(
                start instanceof Start.Transfer transfer
                        ? transferred(transfer.pretrained())
                        : ModelTensors.made(FeatureStatistics.of(
                                source, admission.indices(), objective.model().mels())));
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
        cursor.requireSnapshot(source.snapshot());
        if (!meta.kind().equals(objective.kind())) {
            throw GlossaException.user("Cannot resume training: the checkpoint is of kind '" + meta.kind()
                    + "', expected '" + objective.kind() + "' (start anew in another folder)");
        }
        requireSameThreads(meta.config().get(THREADS));
        Map<String, String> settings = settings();
        settings.remove(THREADS);
        settings.forEach((key, value) -> {
            if (!CHANGEABLE.contains(key) && !value.equals(meta.config().get(key))) {
                throw GlossaException.user("Cannot resume training: the checkpoint has " + key + "="
                        + meta.config().get(key) + ", found " + key + "=" + value
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
        threads.ifPresent(count -> settings.put(THREADS, Integer.toString(count)));
        return settings;
    }
}
