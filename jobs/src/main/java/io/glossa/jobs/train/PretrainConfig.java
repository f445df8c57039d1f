package io.glossa.jobs.train;

import io.glossa.storage.Folder;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.train.TrainConfig;
import java.util.List;
import java.util.Map;

/**
 * How to pre-train an encoder.
 *
 * @param splits whose utterances are used; their texts are not read
 * @param features to train on
 * @param folder for checkpoints, that driver and executors see
 */
public record PretrainConfig(
        ModelConfig model,
        BestRqConfig masks,
        TrainConfig training,
        List<String> splits,
        FeatureChoice features,
        Folder folder,
        Machine machine) {
    public PretrainConfig {
        splits = List.copyOf(splits);
    }

    /**
     * The usual settings but for some.
     *
     * @param preset of the model
     * @param set settings of the model, the codebooks and training, by key
     */
    public static PretrainConfig of(String preset, Map<String, String> set, List<String> splits, Folder folder) {
        Overrides overrides = new Overrides(set, List.of(ModelConfig.class, BestRqConfig.class, TrainConfig.class));
        return new PretrainConfig(
                ModelConfig.preset(preset, overrides.of(ModelConfig.class)),
                overrides.bind(BestRqConfig.class, BestRqConfig.DEFAULTS),
                overrides.bind(TrainConfig.class, TrainConfig.DEFAULTS),
                splits,
                FeatureChoice.STORED,
                folder,
                Machine.DEFAULT);
    }

    /** The same on other features. */
    public PretrainConfig on(FeatureChoice others) {
        return new PretrainConfig(model, masks, training, splits, others, folder, machine);
    }

    /** The same on another machine. */
    public PretrainConfig on(Machine other) {
        return new PretrainConfig(model, masks, training, splits, features, folder, other);
    }
}
