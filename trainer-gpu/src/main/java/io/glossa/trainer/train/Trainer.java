package io.glossa.trainer.train;

import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Base;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Part;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Cursor;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.objective.Inputs;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.objective.Recipe;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Trace;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The training loop. Owns the model's state on the device and the compiled programs, one per bucket; where it stands is a
 * {@link Cursor}, so that a resume is immediate and gives the same bits as a run without a stop.
 */
public final class Trainer implements AutoCloseable {
    private static final String LOSS = "loss";
    private static final String NORM = "gradient-norm";
    private static final String SKIPPED = "skipped";

    /** Utterances in an error. */
    private static final int NAMED = 8;

    private final Device device;
    private final Rank rank;
    private final OptionalInt threads;
    private final Recipe recipe;
    private final BatchSource source;
    private final TrainConfig config;
    private final Loop loop;
    private final State state;
    private final LearningRate schedule;
    private final LearningRate encoderSchedule;
    private final Metrics metrics;
    private final SkippedSteps skipped;
    private final Optional<Base> base;
    private final Checksums checksums;
    private final OwnTime time;
    private Cursor cursor;

    /** @param loops makes the steps, and asks the training for what they need */
    Trainer(
            Device device,
            Recipe recipe,
            BatchSource source,
            TrainConfig config,
            Start start,
            Function<Loop.Training, Loop> loops) {
        this.device = device;
        this.rank = device.rank();
        time = new OwnTime(device, config.parts(rank, config.batches().parts()).count());
        this.threads = device.threads();
        this.recipe = recipe;
        this.source = source;
        this.config = config;
        loop = loops.apply(new Plan());
        Trace declared = loop.declared();
        Beginning beginning = new Beginning(start, recipe, declared, config.optimizer());
        base = beginning.base();
        config.groups()
                .parameters()
                .require(declared.declared(Attr.Role.PARAMETER).keySet());
        Optional<CheckpointMeta> before = beginning.before();
        cursor = before.map(meta -> Cursor.of(meta.cursor())).orElse(Cursor.start(source.snapshot(), config.seed()));
        skipped = new SkippedSteps(before.map(CheckpointMeta::lineage).orElse(Map.of()), (long)
                (config.optimization().skipShare() * totalSteps()));
        metrics = new Metrics(before.map(CheckpointMeta::metrics).orElse(Map.of()), cursor.step() - skipped.count());
        schedule = new LearningRate(config, totalSteps());
        encoderSchedule = LearningRate.ofEncoder(config, totalSteps());
        before.ifPresent(this::requireSame);
        state = device.allocate(beginning.values(source, config.seed(), rank));
        checksums = new Checksums(state, declared, rank, config.checksumSteps());
    }

    /**
     * Makes ready to train; nothing is compiled before its first step.
     *
     * @throws GlossaException of type USER if a resumed checkpoint is of other data, another model or other settings, or was
     *     trained on another number of threads where that matters, or if a batch does not fit into the device's memory
     */
    public static Trainer open(
            Device device, Objective objective, BatchSource source, TrainConfig config, Start start) {
        return new Trainer(
                device,
                objective,
                source,
                config,
                start,
                training -> new Steps(device, objective, source, config, training));
    }

    /**
     * As above, with several streams of data in each step.
     *
     * @param streams the first of speech, whose features the front end is fitted to
     * @param curriculum which streams are in which steps; {@code passes} does not count
     */
    public static Trainer open(
            Device device,
            Recipe recipe,
            List<Stream> streams,
            Curriculum curriculum,
            TrainConfig config,
            Start start) {
        return new Trainer(
                device,
                recipe,
                streams.get(0).source(),
                config,
                start,
                training -> new StreamSteps(device, streams, curriculum, config, training));
    }

    /** Steps done, over all runs. */
    public long step() {
        return cursor.step();
    }

    /** Steps of the whole training. */
    public long totalSteps() {
        return loop.totalSteps();
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
        try (Saver saver = new Saver(folder, part, config.retention(), loop.declared(), written())) {
            StepListener both = new StepListener() {
                @Override
                public void onStep(StepReport report) {
                    listener.onStep(report);
                    saver.requireWell();
                }

                @Override
                public void onSkipped(SkippedStep step) {
                    listener.onSkipped(step);
                }

                @Override
                public void onChecksum(long step, int sum) {
                    listener.onChecksum(step, sum);
                }
            };
            checksums.begin(cursor.step(), both);
            long written = cursor.step();
            while (cursor.step() < totalSteps()) {
                long every = config.saving().checkpointSteps();
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
            loop.begin(cursor);
        }
        while (cursor.step() < last) {
            loop.prepare(cursor);
            device.begin(cursor.step() + 1);
            time.begin();
            Map<String, Double> now = Metrics.of(loop.run(cursor, state));
            wallSeconds += time.end();
            audioSeconds += loop.audioSeconds(cursor);
            boolean skips = skips(now, listener);
            double rate = schedule.at(cursor.step());
            cursor = loop.next(cursor);
            Map<String, Double> smoothed = smoothed(now, skips);
            listener.onStep(new StepReport(
                    cursor.step(),
                    totalSteps(),
                    cursor.epoch(),
                    rate,
                    now,
                    smoothed,
                    audioSeconds / wallSeconds,
                    time.perPart(),
                    loop.waitedSeconds()));
            checksums.after(cursor.step(), cursor.step() == totalSteps(), listener);
        }
    }

    /** All that is needed to go on from here; of a state of which each rank has a part, this rank's. */
    public Checkpoint checkpoint(Map<String, String> lineage) {
        Map<String, ByteBuffer> buffers = new HashMap<>();
        return new Checkpoint(
                cursor.step(),
                ModelTensors.read(state, ModelTensors.model(loop.declared()).keySet(), buffers),
                ModelTensors.read(state, ModelTensors.optimizer(loop.declared()).keySet(), buffers),
                meta(lineage));
    }

    private TrainingSettings settings() {
        return new TrainingSettings(recipe, config, loop.settings(), rank, threads);
    }

    /** What of the model a checkpoint has: all, or what is not of its base. */
    private Map<String, Type> written() {
        Map<String, Type> model = ModelTensors.model(loop.declared());
        return base.isPresent() ? Base.others(model) : model;
    }

    private void requireSame(CheckpointMeta before) {
        settings().require(before);
        cursor.requireSnapshot(source.snapshot());
    }

    private CheckpointMeta meta(Map<String, String> lineage) {
        Map<String, String> all = new TreeMap<>(lineage);
        all.putAll(skipped.lineage());
        return new CheckpointMeta(
                cursor.step(), recipe.kind(), settings().all(), cursor.toMap(), metrics.averages(), all, base);
    }

    /** Bytes of activations of the largest program so far. */
    public long arenaBytes() {
        return loop.arenaBytes();
    }

    @Override
    public void close() {
        loop.close();
        state.close();
    }

    /** What the steps ask for. */
    private final class Plan implements Loop.Training {
        @Override
        public Map<String, HostTensor> scalars(Cursor at) {
            return Map.of(
                    Trace.SEED, HostTensor.scalar(config.seed()),
                    Trace.STEP, HostTensor.scalar((int) at.step()),
                    Inputs.LEARNING_RATE, HostTensor.scalar((float) schedule.at(at.step())),
                    Inputs.ENCODER_LEARNING_RATE, HostTensor.scalar((float) encoderSchedule.at(at.step())));
        }

        @Override
        public void reads(Cursor at, List<String> utterances) {
            skipped.read(at.step() + 1, utterances);
        }
    }

    /**
     * Whether the optimizer left a step out, which it did on all ranks, since their sums of gradients are the same.
     *
     * @throws GlossaException of type DATA if too many were, or the loss alone is not finite
     */
    private boolean skips(Map<String, Double> now, StepListener listener) {
        Set<String> utterances = skipped.take(cursor.step() + 1);
        double norm = now.get(NORM);
        if (!Double.isFinite(norm) && skipped.hasRoom()) {
            skipped.add(cursor.step() + 1);
            listener.onSkipped(new SkippedStep(cursor.step() + 1, norm, loop.suspects(cursor, state, utterances)));
            return true;
        }
        for (String name : List.of(LOSS, NORM)) {
            if (!Double.isFinite(now.get(name))) {
                throw notFinite(name, now.get(name), utterances);
            }
        }
        return false;
    }

    /** The optimizer kept the state as it was, so that the same step can be looked at again. */
    private GlossaException notFinite(String name, double value, Set<String> utterances) {
        String first = loop.firstNotFinite(cursor, state)
                .map(where -> ", first in " + where)
                .orElse("");
        return GlossaException.data("Cannot go on training: the " + name + " of step " + (cursor.step() + 1) + " is "
                + value + first + named(utterances) + ", expected finite numbers"
                + (skipped.count() == 0 ? "" : ", but for the " + skipped.count() + " steps left out before")
                + " (a smaller learning-rate may help; skip-share="
                + config.optimization().skipShare()
                + " of all steps may be left out)");
    }

    private static String named(Set<String> utterances) {
        if (utterances.isEmpty()) {
            return "";
        }
        int more = Math.max(0, utterances.size() - NAMED);
        return ", of utterances " + utterances.stream().limit(NAMED).collect(Collectors.joining(" "))
                + (more == 0 ? "" : " and " + more + " more");
    }

    /** What was left out is in no average. */
    private Map<String, Double> smoothed(Map<String, Double> now, boolean skips) {
        Map<String, Double> smoothed = new LinkedHashMap<>(skips ? now : metrics.smoothed(now));
        if (skips) {
            smoothed.putAll(metrics.averages());
        }
        if (skipped.count() > 0) {
            smoothed.put(SKIPPED, (double) skipped.count());
        }
        return smoothed;
    }
}
