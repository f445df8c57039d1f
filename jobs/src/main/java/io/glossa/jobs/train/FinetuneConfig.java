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
 * @param tokenizer by which the texts are numbered
 * @param init model whose encoder to start from; empty: random weights
 * @param features to train on
 * @param transcripts snapshot of {@code transcripts}; empty: the current one
 * @param folder for checkpoints, that driver and executors see
 */
public record FinetuneConfig(
        ModelConfig model,
        boolean specAugment,
        TrainConfig training,
        List<String> splits,
        PseudoLabels pseudo,
        TokenizerChoice tokenizer,
        Optional<Pretrained> init,
        FeatureChoice features,
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
     * @param set settings of training, by key, and of the model those that no parameter depends on, and the width of adapters where
     *     it has none
     * @throws GlossaException of type USER if there is none, or if it has another setting that its parameters depend on; of
     *     type DATA if the checkpoint named is damaged
     */
    public static FinetuneConfig from(Folder init, Map<String, String> set, List<String> splits, Folder folder) {
        return from(Pretrained.of(init, Optional.empty()), set, splits, folder);
    }

    static FinetuneConfig from(Pretrained init, Map<String, String> set, List<String> splits, Folder folder) {
        Overrides overrides = overrides(set);
        Map<String, String> settings =
                ModelConfig.todays(Checkpoints.meta(init.checkpoint()).config());
        int width = ModelConfig.ofCheckpoint(settings).adapterWidth();
        overrides.of(ModelConfig.class).forEach((key, value) -> {
            String before = settings.put(key, value);
            boolean free = ModelConfig.kinds().contains(key) || key.equals("adapter-width") && width == 0;
            if (!free && !value.equals(before)) {
                throw GlossaException.user("Cannot set '" + key + "' of the encoder of " + init.checkpoint()
                        + ": found '"
                        + value
                        + "', expected '" + before + "', which its parameters have (of the model, fine-tuning may set "
                        + String.join(", ", ModelConfig.kinds()) + ")");
            }
        });
        return of(ModelConfig.ofCheckpoint(settings), overrides, splits, Optional.of(init), folder);
    }

    /** The same with pseudo-labels. */
    public FinetuneConfig with(PseudoLabels labels) {
        return new FinetuneConfig(
                model, specAugment, training, splits, labels, tokenizer, init, features, transcripts, folder, machine);
    }

    /**
     * The same with other symbols.
     *
     * @param asked {@code graphemes}, {@code bpe:SIZE} or a {@code .model} file of SentencePiece
     */
    public FinetuneConfig withTokenizer(String asked) {
        return new FinetuneConfig(
                model,
                specAugment,
                training,
                splits,
                pseudo,
                TokenizerChoice.of(asked),
                init,
                features,
                transcripts,
                folder,
                machine);
    }

    /** The same of another snapshot of {@code transcripts}. */
    public FinetuneConfig withTranscripts(OptionalLong snapshot) {
        return new FinetuneConfig(
                model, specAugment, training, splits, pseudo, tokenizer, init, features, snapshot, folder, machine);
    }

    /** The same on other features. */
    public FinetuneConfig on(FeatureChoice others) {
        return new FinetuneConfig(
                model, specAugment, training, splits, pseudo, tokenizer, init, others, transcripts, folder, machine);
    }

    /** The same on another machine. */
    public FinetuneConfig on(Machine other) {
        return new FinetuneConfig(
                model, specAugment, training, splits, pseudo, tokenizer, init, features, transcripts, folder, other);
    }

    private static Overrides overrides(Map<String, String> set) {
        return new Overrides(set, List.of(ModelConfig.class, CtcConfig.class, TrainConfig.class));
    }

    private static FinetuneConfig of(
            ModelConfig model, Overrides overrides, List<String> splits, Optional<Pretrained> init, Folder folder) {
        return new FinetuneConfig(
                model,
                overrides.bind(CtcConfig.class, CtcConfig.DEFAULTS).specAugment(),
                overrides.bind(TrainConfig.class, TrainConfig.DEFAULTS),
                splits,
                PseudoLabels.NONE,
                TokenizerChoice.GRAPHEMES,
                init,
                FeatureChoice.STORED,
                OptionalLong.empty(),
                folder,
                Machine.DEFAULT);
    }
}
