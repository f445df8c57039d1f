package io.glossa.jobs.train;

import io.glossa.config.ConfigBinder;
import io.glossa.featurize.frontend.FrontEnd;
import io.glossa.storage.Lake;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.trainer.objective.BestRq;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** Pre-trains an encoder on speech without text, by BEST-RQ. */
public final class PretrainJob {
    /** The job's name. */
    public static final String NAME = "pretrain";

    private PretrainJob() {}

    /**
     * Trains to the end, from where an interrupted run stopped; does nothing where it is done.
     *
     * @throws io.glossa.error.GlossaException of type USER if the folder holds a training of other data or settings
     */
    public static TrainResult run(PretrainConfig config, Lake lake, SparkSession spark) {
        long features = TrainingRun.features(NAME, lake, config.features());
        FrontEnd frontEnd = config.features()
                .frontEnd(
                        TrainingRun.frontEnd(Stream.of(Checkpoints.latest(config.folder()))),
                        lake,
                        features,
                        NAME,
                        config.model().mels());
        TrainData data = new TrainData(
                BestRq.KIND,
                config.features().origin(),
                features,
                frontEnd,
                0,
                config.splits(),
                PseudoLabels.NONE,
                TokenizerChoice.GRAPHEMES);
        Map<String, String> objective = new BestRq(config.model(), config.masks()).config();
        Map<String, String> training = ConfigBinder.values(config.training());
        Map<String, String> settings = new LinkedHashMap<>(objective);
        settings.putAll(training);
        settings.put("device", config.machine().device());
        TrainingRun run = new TrainingRun(NAME, lake, data, config.folder(), config.training(), settings, null);
        TrainTask task = new TrainTask(
                NAME,
                lake.config(),
                data,
                objective,
                training,
                run.folder(),
                null,
                "",
                null,
                config.machine(),
                run.identity());
        return run.run(spark, task);
    }
}
