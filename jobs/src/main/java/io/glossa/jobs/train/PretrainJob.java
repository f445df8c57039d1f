package io.glossa.jobs.train;

import io.glossa.featurize.frontend.FrontEnd;
import io.glossa.storage.Lake;
import io.glossa.trainer.objective.BestRq;
import java.util.Map;
import java.util.Optional;
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
        FrontEnd frontEnd = TrainingRun.frontEnd(
                NAME, lake, config.features(), features, config.folder(), Optional.empty(), config.model());
        TrainData data = new TrainData(
                BestRq.KIND,
                config.features().origin(),
                features,
                frontEnd,
                0,
                config.splits(),
                PseudoLabels.NONE,
                TokenizerChoice.GRAPHEMES,
                config.features().terms(lake, config.folder()));
        Map<String, String> objective = new BestRq(config.model(), config.masks()).config();
        TrainingRun run = new TrainingRun(
                NAME, lake, data, config.folder(), config.training(), objective, Optional.empty(), config.machine());
        return run.run(spark);
    }
}
