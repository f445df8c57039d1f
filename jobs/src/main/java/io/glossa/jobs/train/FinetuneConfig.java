package io.glossa.jobs.train;

import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.train.TrainConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How to train a recogniser.
 *
 * @param specAugment whether to hide parts of the features
 * @param splits whose utterances are used, as far as a person transcribed them
 * @param pseudo pseudo-labels to learn from besides
 * @param init finished checkpoint whose encoder to start from; empty: random weights
 * @param features snapshot of {@code features}; empty: the current one
 * @param frontEnd first digits of the digest of the front end whose features are read, where no model says which; empty: the
 *     lake's only one
 * @param transcripts snapshot of {@code transcripts}; empty: the current one
 * @param folder for checkpoints, that driver and executors see
 */
public record FinetuneConfig(
        ModelConfig model,
        boolean specAugment,
        TrainConfig training,
        List<String> splits,
        PseudoLabels pseudo,
        Optional<Folder> init,
        OptionalLong features,
        String frontEnd,
        OptionalLong transcripts,
        Folder folder,
        Machine machine) {
    public FinetuneConfig {
        splits = List.copyOf(splits);
    }

    /**
     * A recogniser from random weights.
     *
     * @param preset of the model
     * @param set settings of the model and of training, by key
     */
    public static FinetuneConfig of(String preset, Map<String, String> set, List<String> splits, Folder folder) {
        Overrides overrides = overrides(set);
        ModelConfig model = ModelConfig.preset(preset, overrides.of(ModelConfig.class));
        return of(model, overrides, splits, Optional.empty(), folder);
    }

    /**
     * A recogniser that starts from the encoder of a checkpoint, or of the last finished one in a folder of them.
     *
     * @param set settings of training, by key, and of the model those that no parameter depends on
     * @throws GlossaException of type USER if there is none, or if it has another setting that its parameters depend on; of
     *     type DATA if the checkpoint named is damaged
     */
    public static FinetuneConfig from(Folder init, Map<String, String> set, List<String> splits, Folder folder) {
        Folder checkpoint = Checkpoints.model(init, System.err::println)
                .orElseThrow(() -> GlossaException.user("Cannot start from " + init
                        + ": no finished checkpoint there, expected a checkpoint or a folder of them"));
        Overrides overrides = overrides(set);
        Map<String, String> settings =
                ModelConfig.todays(Checkpoints.meta(checkpoint).config());
        overrides.of(ModelConfig.class).forEach((key, value) -> {
            String before = settings.put(key, value);
            if (!ModelConfig.kinds().contains(key) && !value.equals(before)) {
                throw GlossaException.user("Cannot set '" + key + "' of the encoder of " + checkpoint + ": found '"
                        + value
                        + "', expected '" + before + "', which its parameters have (of the model, fine-tuning may set "
                        + String.join(", ", ModelConfig.kinds()) + ")");
            }
        });
        return of(ModelConfig.ofCheckpoint(settings), overrides, splits, Optional.of(checkpoint), folder);
    }

    /** The same with pseudo-labels. */
    public FinetuneConfig with(PseudoLabels labels) {
        return new FinetuneConfig(
                model, specAugment, training, splits, labels, init, features, frontEnd, transcripts, folder, machine);
    }

    /** The same of other snapshots. */
    public FinetuneConfig withSnapshots(OptionalLong ofFeatures, OptionalLong ofTranscripts) {
        return new FinetuneConfig(
                model,
                specAugment,
                training,
                splits,
                pseudo,
                init,
                ofFeatures,
                frontEnd,
                ofTranscripts,
                folder,
                machine);
    }

    /** The same on the features of this front end. */
    public FinetuneConfig withFrontEnd(String digest) {
        return new FinetuneConfig(
                model, specAugment, training, splits, pseudo, init, features, digest, transcripts, folder, machine);
    }

    /** The same on another machine. */
    public FinetuneConfig on(Machine other) {
        return new FinetuneConfig(
                model, specAugment, training, splits, pseudo, init, features, frontEnd, transcripts, folder, other);
    }

    private static Overrides overrides(Map<String, String> set) {
        return new Overrides(set, List.of(ModelConfig.class, CtcConfig.class, TrainConfig.class));
    }

    private static FinetuneConfig of(
            ModelConfig model, Overrides overrides, List<String> splits, Optional<Folder> init, Folder folder) {
        return new FinetuneConfig(
                model,
                overrides.bind(CtcConfig.class, CtcConfig.DEFAULTS).specAugment(),
                overrides.bind(TrainConfig.class, TrainConfig.DEFAULTS),
                splits,
                PseudoLabels.NONE,
                init,
                OptionalLong.empty(),
                "",
                OptionalLong.empty(),
                folder,
                Machine.DEFAULT);
    }
}
