package io.glossa.jobs.train;

import io.glossa.config.ConfigBinder;
import io.glossa.featurize.frontend.FrontEnd;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.trainer.objective.Most;
import io.glossa.trainer.train.Curriculum;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Trains an encoder and a transducer by MOST: on speech without text, speech with text, and text without speech. */
public final class MostJob {
    /** The job's name. */
    public static final String NAME = "most";

    /** What it cannot do, in an error. */
    private static final String VERB = "train by MOST";

    private MostJob() {}

    /**
     * Trains to the end of the last phase, from where an interrupted run stopped; does nothing where it is done.
     *
     * @throws io.glossa.error.GlossaException of type USER if the folder holds a training of other data or settings, or a phase
     *     has text and the lake has none
     */
    public static TrainResult run(MostJobConfig config, Lake lake, SparkSession spark) {
        Curriculum curriculum = MostJobConfig.curriculum(config.most());
        TrainData data = data(config, curriculum, lake);
        Map<String, String> objective = new LinkedHashMap<>(ConfigBinder.values(config.model()));
        objective.putAll(config.settings());
        TrainingRun run = new TrainingRun(
                NAME, lake, data, config.folder(), config.training(), objective, config.init(), config.machine());
        MostCensus census = new MostCensus(
                spark, lake, run.lineage(), data, config.training().bucketTable(), config.folder());
        return run.run(spark, meta -> meta.step() >= curriculum.steps(), () -> census.run(curriculum, config.most()));
    }

    private static TrainData data(MostJobConfig config, Curriculum curriculum, Lake lake) {
        long features = TrainingRun.features(VERB, lake, config.features());
        FrontEnd frontEnd = TrainingRun.frontEnd(
                VERB, lake, config.features(), features, config.folder(), config.init(), config.model());
        return new TrainData(
                Most.KIND,
                config.features().origin(),
                features,
                frontEnd,
                TrainingRun.snapshot(
                        VERB, lake, LakeTable.TRANSCRIPTS, config.texts().transcripts()),
                config.splits(),
                config.pseudo(),
                config.tokenizer()
                        .goingOnFrom(Checkpoints.latest(config.folder()).map(Checkpoints::meta)),
                curriculum.has(Most.UNTRANSCRIBED) ? config.untranscribed() : List.of(),
                curriculum.has(Most.TEXT)
                        ? TrainingRun.snapshot(
                                VERB, lake, LakeTable.SENTENCES, config.texts().sentences())
                        : 0,
                config.features().terms(lake, config.folder()));
    }
}
