package io.glossa.jobs.train;

import io.glossa.config.ConfigBinder;
import io.glossa.featurize.frontend.FrontEnd;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.checkpoint.Checkpoints;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Trains a recogniser on transcribed speech, whatever its head; with pseudo-labels besides, a student. */
public final class FinetuneJob {
    /** The job's name. */
    public static final String NAME = "finetune";

    private FinetuneJob() {}

    /**
     * Trains to the end, from where an interrupted run stopped; does nothing where it is done.
     *
     * @throws io.glossa.error.GlossaException of type USER if the folder holds a training of other data or settings
     */
    public static TrainResult run(FinetuneConfig config, Lake lake, SparkSession spark) {
        long features = TrainingRun.features(NAME, lake, config.features());
        FrontEnd frontEnd = TrainingRun.frontEnd(
                NAME, lake, config.features(), features, config.folder(), config.init(), config.model());
        TrainData data = new TrainData(
                config.head().head().kind(),
                config.features().origin(),
                features,
                frontEnd,
                TrainingRun.snapshot(NAME, lake, LakeTable.TRANSCRIPTS, config.transcripts()),
                config.splits(),
                config.pseudo(),
                config.tokenizer()
                        .goingOnFrom(Checkpoints.latest(config.folder()).map(Checkpoints::meta)),
                config.features().terms(lake, config.folder()));
        Map<String, String> objective = new LinkedHashMap<>(ConfigBinder.values(config.model()));
        objective.putAll(config.head().settings());
        TrainingRun run = new TrainingRun(
                NAME, lake, data, config.folder(), config.training(), objective, config.init(), config.machine());
        return run.run(spark);
    }
}
