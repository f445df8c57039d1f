package io.glossa.jobs.train;

import io.glossa.config.ConfigBinder;
import io.glossa.featurize.frontend.FrontEnd;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.checkpoint.Checkpoints;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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
        Optional<Folder> init = config.init().map(Pretrained::checkpoint);
        FrontEnd frontEnd = config.features()
                .frontEnd(
                        TrainingRun.frontEnd(Stream.of(Checkpoints.latest(config.folder()), init)),
                        lake,
                        features,
                        NAME,
                        config.model().mels());
        TrainData data = new TrainData(
                config.head().head().kind(),
                config.features().origin(),
                features,
                frontEnd,
                TrainingRun.snapshot(NAME, lake, LakeTable.TRANSCRIPTS, config.transcripts()),
                config.splits(),
                config.pseudo(),
                config.tokenizer()
                        .goingOnFrom(Checkpoints.latest(config.folder()).map(Checkpoints::meta)));
        Map<String, String> objective = new LinkedHashMap<>(ConfigBinder.values(config.model()));
        objective.putAll(config.head().settings());
        Map<String, String> training = ConfigBinder.values(config.training());
        Map<String, String> settings = new LinkedHashMap<>(objective);
        settings.putAll(training);
        settings.put("device", config.machine().device());
        TrainingRun run = new TrainingRun(
                NAME,
                lake,
                data,
                config.folder(),
                config.training(),
                settings,
                init.map(Checkpoints::digest).orElse(null));
        TrainTask task = new TrainTask(
                NAME,
                lake.config(),
                data,
                objective,
                training,
                run.folder(),
                config.init().orElse(null),
                "",
                null,
                config.machine(),
                run.identity());
        return run.run(spark, task);
    }
}
