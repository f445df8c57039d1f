package io.glossa.jobs.train;

import io.glossa.storage.Folder;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.train.TrainConfig;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How to pre-train an encoder.
 *
 * @param splits whose utterances are used; their texts are not read
 * @param features snapshot of {@code features}; empty: the current one
 * @param frontEnd first digits of the digest of the front end whose features are read, where no model says which; empty: the
 *     lake's only one
 * @param folder for checkpoints, that driver and executors see
 */
public record PretrainConfig(
        ModelConfig model,
        BestRqConfig masks,
        TrainConfig training,
        List<String> splits,
        OptionalLong features,
        String frontEnd,
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
                OptionalLong.empty(),
                "",
                folder,
                Machine.DEFAULT);
    }

    /** The same of another snapshot of {@code features}. */
    public PretrainConfig withFeatures(OptionalLong snapshot) {
        return new PretrainConfig(model, masks, training, splits, snapshot, frontEnd, folder, machine);
    }

    /** The same on the features of this front end. */
    public PretrainConfig withFrontEnd(String digest) {
        return new PretrainConfig(model, masks, training, splits, features, digest, folder, machine);
    }

    /** The same on another machine. */
    public PretrainConfig on(Machine other) {
        return new PretrainConfig(model, masks, training, splits, features, frontEnd, folder, other);
    }
}
