package io.glossa.jobs.train;

import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Head;
import io.glossa.trainer.train.TrainConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How to train a recogniser.
 *
 * @param head what the encoder gets for recognition
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
        HeadChoice head,
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

    /** As below, by CTC. */
    public static FinetuneConfig of(String preset, Map<String, String> set, List<String> splits, Folder folder) {
        return of(Head.CTC, preset, set, splits, folder);
    }

    /**
     * A recogniser from random weights.
     *
     * @param preset of the model
     * @param set settings of the model, the head and training, by key
     */
    public static FinetuneConfig of(
            Head head, String preset, Map<String, String> set, List<String> splits, Folder folder) {
        Overrides overrides = overrides(head, set);
        ModelConfig model = ModelConfig.preset(preset, overrides.of(ModelConfig.class));
        return of(head, model, overrides, splits, Optional.empty(), folder);
    }

    /** As below, by CTC. */
    public static FinetuneConfig from(Folder init, Map<String, String> set, List<String> splits, Folder folder) {
        return from(Head.CTC, init, set, splits, folder);
    }

    /**
     * A recogniser that starts from the encoder of a checkpoint, or of the last finished one in a folder of them.
     *
     * @param set settings of the head and training, by key, and of the model those that no parameter depends on, and the width
     *     of adapters where it has none
     * @throws GlossaException of type USER if there is none, or if it has another setting that its parameters depend on; of
     *     type DATA if the checkpoint named is damaged
     */
    public static FinetuneConfig from(
            Head head, Folder init, Map<String, String> set, List<String> splits, Folder folder) {
        return from(head, Pretrained.of(init, Optional.empty()), set, splits, folder);
    }

    static FinetuneConfig from(
            Head head, Pretrained init, Map<String, String> set, List<String> splits, Folder folder) {
        Overrides overrides = overrides(head, set);
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
        return of(head, ModelConfig.ofCheckpoint(settings), overrides, splits, Optional.of(init), folder);
    }

    /** The same with pseudo-labels. */
    public FinetuneConfig with(PseudoLabels labels) {
        return new FinetuneConfig(
                model, head, training, splits, labels, tokenizer, init, features, transcripts, folder, machine);
    }

    /**
     * The same with other symbols.
     *
     * @param asked {@code graphemes}, {@code bpe:SIZE} or a {@code .model} file of SentencePiece
     */
    public FinetuneConfig withTokenizer(String asked) {
        return new FinetuneConfig(
                model,
                head,
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
                model, head, training, splits, pseudo, tokenizer, init, features, snapshot, folder, machine);
    }

    /** The same on other features. */
    public FinetuneConfig on(FeatureChoice others) {
        return new FinetuneConfig(
                model, head, training, splits, pseudo, tokenizer, init, others, transcripts, folder, machine);
    }

    /** The same on another machine. */
    public FinetuneConfig on(Machine other) {
        return new FinetuneConfig(
                model, head, training, splits, pseudo, tokenizer, init, features, transcripts, folder, other);
    }

    private static Overrides overrides(Head head, Map<String, String> set) {
        List<Class<? extends Record>> types = new ArrayList<>(List.of(ModelConfig.class));
        types.addAll(head.settings());
        types.add(TrainConfig.class);
        return new Overrides(set, types);
    }

    private static FinetuneConfig of(
            Head head,
            ModelConfig model,
            Overrides overrides,
            List<String> splits,
            Optional<Pretrained> init,
            Folder folder) {
        return new FinetuneConfig(
                model,
                new HeadChoice(head, head.settings(overrides.set())),
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
