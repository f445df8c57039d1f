package io.glossa.jobs.train;

import io.glossa.config.ConfigBinder;
import io.glossa.error.GlossaException;
import io.glossa.jobs.consent.Usage;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.checkpoint.Base;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.checkpoint.Tensor;
import io.glossa.trainer.objective.Most;
import io.glossa.trainer.objective.MostConfig;
import io.glossa.trainer.train.Curriculum;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * A training done again in another folder, by the same plan, in which the places of what was forgotten are empty: bit for bit that of a
 * run in which they were from the start, as until the first step that would have read them nothing is otherwise.
 *
 * @param run the folder of the training
 * @param last its last checkpoint
 * @param from one of its checkpoints that has nothing of what was forgotten, to go on from; empty: from the beginning
 * @param init model to start from, which has nothing of it either; empty: none
 * @param to another folder
 * @param usage what it is for; empty: what the training was for
 */
public record Replay(
        Folder run,
        CheckpointMeta last,
        Optional<Folder> from,
        Optional<Folder> init,
        Folder to,
        Optional<Usage> usage) {
    /** What of a run's folder is its plan; the last one tells that all is there. */
    private static final List<String> PLAN =
            List.of(CensusFile.NAME, "labels", "left-out", "emptied", MostCensus.STREAMS, TrainedOn.FILE);

    private static final String JOB = "glossa.job";
    private static final String SNAPSHOT = "snapshot";

    /** Trains to the end; what was interrupted goes on. */
    public TrainResult run(SparkSession spark, Lake lake) {
        begin(lake);
        TrainData data = data(lake);
        TrainingRun again = new TrainingRun(
                last.lineage().get(JOB),
                lake,
                data,
                to,
                TrainedData.training(last),
                last.config(),
                init.map(model -> Pretrained.of(model, Optional.empty())),
                machine());
        if (!data.kind().equals(Most.KIND)) {
            return again.run(spark);
        }
        MostConfig settings = ConfigBinder.bindAmong(MostConfig.class, last.config(), MostConfig.DEFAULTS);
        Curriculum curriculum = MostJobConfig.curriculum(settings);
        MostCensus census = new MostCensus(
                spark, lake, again.lineage(), data, TrainedData.training(last).bucketTable(), to);
        return again.run(spark, meta -> meta.step() >= curriculum.steps(), () -> census.run(curriculum, settings));
    }

    private TrainData data(Lake lake) {
        TrainData data = TrainedData.of(lake, to, last);
        return usage.map(data::usedAs).orElse(data);
    }

    /** The plan, the note of its empty places, and the checkpoint to go on from, as one of the same data but for them; once. */
    private void begin(Lake lake) {
        Optional<ForgottenNote> note = ForgottenNote.in(run).map(ForgottenNote::asBeginning);
        try {
            if (to.version(TrainedOn.FILE).isPresent()) {
                return;
            }
            note.ifPresent(some -> some.write(to));
            from.map(Checkpoints::read).ifPresent(clean -> Checkpoints.write(to, renamed(clean, lake)));
            List<String> there = run.names();
            for (String name : PLAN) {
                if (there.contains(name)) {
                    run.copy(name, to);
                }
            }
        } catch (IOException e) {
            throw GlossaException.resource("Cannot copy the plan of " + run + " to " + to + ": " + e
                            + ", expected a folder to read and one to write")
                    .causedBy(e);
        }
    }

    /** As one that a training of these data wrote, by the note that is in the folder if one is. */
    private Checkpoint renamed(Checkpoint clean, Lake lake) {
        CheckpointMeta meta = clean.meta();
        Optional<ForgottenNote> note = ForgottenNote.in(to);
        Map<String, String> config = new HashMap<>(meta.config());
        config.replaceAll((name, value) -> name.endsWith("." + SNAPSHOT) ? instead(note, value) : value);
        Map<String, Long> cursor = new HashMap<>(meta.cursor());
        cursor.computeIfPresent(SNAPSHOT, (name, value) -> Long.valueOf(instead(note, value.toString())));
        Map<String, String> lineage = new HashMap<>(meta.lineage());
        lineage.replaceAll((name, value) -> name.startsWith(TrainedData.INPUT) ? instead(note, value) : value);
        lineage.keySet().removeIf(name -> name.startsWith(TrainingRun.SUMMARY_PREFIX + Usage.PREFIX));
        data(lake).terms().lineage().forEach((name, value) -> lineage.put(TrainingRun.SUMMARY_PREFIX + name, value));
        Map<String, Tensor> own = meta.base().isPresent() ? Base.others(clean.model()) : clean.model();
        return new Checkpoint(
                clean.step(),
                own,
                clean.optimizer(),
                new CheckpointMeta(meta.step(), meta.kind(), config, cursor, meta.metrics(), lineage, meta.base()));
    }

    private static String instead(Optional<ForgottenNote> note, String snapshot) {
        return note.map(some -> Long.toString(some.instead(Long.parseLong(snapshot))))
                .orElse(snapshot);
    }

    /** As it was: bits of sums depend on the number of ranks and, on processors, of threads. */
    private Machine machine() {
        Map<String, String> lineage = last.lineage();
        String device = lineage.getOrDefault("glossa.device", "cpu").split(" ")[0];
        int ranks = Integer.parseInt(lineage.getOrDefault("glossa.ranks", "1"));
        int threads = Integer.parseInt(last.config().getOrDefault("threads", "0"));
        return new Machine(device, ranks, threads, 0, "");
    }

    /** Seconds that a step of a run took, if it says so. */
    public static double secondsPerStep(Folder run) {
        List<MetricsLine> lines = MetricsFile.read(run);
        return lines.isEmpty()
                ? 0
                : lines.get(lines.size() - 1).seconds()
                        / Math.max(1, lines.get(lines.size() - 1).step());
    }
}
