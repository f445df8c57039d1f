package io.glossa.jobs.train;

import io.glossa.config.ConfigBinder;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Augmentation;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Most;
import io.glossa.trainer.objective.MostConfig;
import io.glossa.trainer.objective.RnntConfig;
import io.glossa.trainer.train.Curriculum;
import io.glossa.trainer.train.TrainConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How to train by MOST.
 *
 * @param settings of codebooks, head and streams, by key
 * @param splits whose utterances are used, as far as a person transcribed them
 * @param untranscribed splits whose utterances are heard without their texts
 * @param pseudo pseudo-labels to learn from besides
 * @param tokenizer by which the texts are numbered
 * @param init model to start from; empty: random weights
 * @param folder for checkpoints, that driver and executors see
 */
public record MostJobConfig(
        ModelConfig model,
        Map<String, String> settings,
        TrainConfig training,
        List<String> splits,
        List<String> untranscribed,
        PseudoLabels pseudo,
        TokenizerChoice tokenizer,
        Optional<Pretrained> init,
        FeatureChoice features,
        TextSnapshots texts,
        Folder folder,
        Machine machine) {
    private static final String SPEECH_LAYERS = "speech-layers";
    private static final String LAYERS = "1";

    public MostJobConfig {
        settings = Map.copyOf(settings);
        splits = List.copyOf(splits);
        untranscribed = List.copyOf(untranscribed);
    }

    /**
     * A model from random weights.
     *
     * @param set settings of the model, the streams and training, by key
     */
    public static MostJobConfig of(String preset, Map<String, String> set, List<String> splits, Folder folder) {
        Overrides overrides = overrides(set);
        Map<String, String> model = new LinkedHashMap<>(Map.of(SPEECH_LAYERS, LAYERS));
        model.putAll(overrides.of(ModelConfig.class));
        return of(ModelConfig.preset(preset, model), overrides, Optional.empty(), splits, folder);
    }

    /**
     * A model that starts from a checkpoint, or the last finished one in a folder of them: its encoder, to which the block that speech
     * alone goes through is added, and of BEST-RQ its codebooks and heads.
     *
     * @param set as above; of the model the kinds of attention and convolution alone
     * @throws GlossaException of type USER if there is none, or if it has another setting that its parameters depend on
     */
    public static MostJobConfig from(Folder init, Map<String, String> set, List<String> splits, Folder folder) {
        Pretrained pretrained = Pretrained.of(init, Optional.empty());
        CheckpointMeta meta = Checkpoints.meta(pretrained.checkpoint());
        if (ModelConfig.ofCheckpoint(meta.config()).adapterWidth() > 0) {
            throw GlossaException.user("Cannot train by MOST from " + pretrained.checkpoint()
                    + ": its encoder has adapters, expected one without (their base)");
        }
        Map<String, String> before = ModelConfig.todays(meta.config());
        Map<String, String> model = new LinkedHashMap<>(before);
        boolean isNew = ModelConfig.ofCheckpoint(before).speechLayers() == 0;
        if (isNew) {
            model.put(SPEECH_LAYERS, LAYERS);
        }
        Overrides overrides = overrides(set);
        overrides.of(ModelConfig.class).forEach((key, value) -> {
            boolean free = ModelConfig.kinds().contains(key) || isNew && key.equals(SPEECH_LAYERS);
            if (!free && !value.equals(model.get(key))) {
                throw GlossaException.user("Cannot set '" + key + "' of the encoder of " + pretrained.checkpoint()
                        + ": found '" + value + "', expected '" + model.get(key) + "' (of the model, most may set "
                        + String.join(", ", ModelConfig.kinds()) + ")");
            }
            model.put(key, value);
        });
        Map<String, String> all = new LinkedHashMap<>(
                ConfigBinder.values(ConfigBinder.bindAmong(BestRqConfig.class, meta.config(), BestRqConfig.DEFAULTS)));
        all.putAll(set);
        return of(ModelConfig.ofCheckpoint(model), overrides(all), Optional.of(pretrained), splits, folder);
    }

    private static Overrides overrides(Map<String, String> set) {
        if (set.containsKey("passes")) {
            throw GlossaException.user("Cannot train by MOST for passes=" + set.get("passes")
                    + ": its streams have passes of their own, expected steps (--set phases=STEPS:STREAM+…)");
        }
        return new Overrides(
                set,
                List.of(
                        ModelConfig.class,
                        BestRqConfig.class,
                        RnntConfig.class,
                        Augmentation.class,
                        MostConfig.class,
                        TrainConfig.class));
    }

    private static MostJobConfig of(
            ModelConfig model, Overrides overrides, Optional<Pretrained> init, List<String> splits, Folder folder) {
        Map<String, String> settings =
                new LinkedHashMap<>(ConfigBinder.values(overrides.bind(BestRqConfig.class, BestRqConfig.DEFAULTS)));
        settings.putAll(ConfigBinder.values(overrides.bind(RnntConfig.class, RnntConfig.DEFAULTS)));
        settings.putAll(ConfigBinder.values(overrides.bind(Augmentation.class, Augmentation.DEFAULTS)));
        MostConfig most = overrides.bind(MostConfig.class, MostConfig.DEFAULTS);
        settings.putAll(ConfigBinder.values(most));
        settings.put("phases", String.join(",", curriculum(most).text())); // in one spelling
        return new MostJobConfig(
                model,
                settings,
                overrides.bind(TrainConfig.class, TrainConfig.DEFAULTS),
                splits,
                splits,
                PseudoLabels.NONE,
                TokenizerChoice.GRAPHEMES,
                init,
                FeatureChoice.STORED,
                TextSnapshots.CURRENT,
                folder,
                Machine.DEFAULT);
    }

    /** The phases of some settings. */
    static Curriculum curriculum(MostConfig settings) {
        Curriculum curriculum =
                Curriculum.parse(settings.phases(), List.of(Most.UNTRANSCRIBED, Most.PAIRED, Most.TEXT));
        if (!curriculum.has(Most.PAIRED)) {
            throw GlossaException.user("Cannot train by MOST without speech that has text: phases="
                    + String.join(",", settings.phases()) + ", expected " + Most.PAIRED
                    + " in one of them (pretrain is for speech alone)");
        }
        return curriculum;
    }

    MostConfig most() {
        return ConfigBinder.bindAmong(MostConfig.class, settings, MostConfig.DEFAULTS);
    }

    /** The same that hears these splits without their texts. */
    public MostJobConfig hearing(List<String> others) {
        return new MostJobConfig(
                model, settings, training, splits, others, pseudo, tokenizer, init, features, texts, folder, machine);
    }

    /** The same with pseudo-labels and other symbols: see {@link FinetuneConfig#withTokenizer}. */
    public MostJobConfig with(PseudoLabels labels, String symbols) {
        TokenizerChoice choice = TokenizerChoice.of(symbols);
        return new MostJobConfig(
                model,
                settings,
                training,
                splits,
                untranscribed,
                labels,
                choice,
                init,
                features,
                texts,
                folder,
                machine);
    }

    /** The same on other features and texts. */
    public MostJobConfig on(FeatureChoice others, TextSnapshots snapshots) {
        return new MostJobConfig(
                model,
                settings,
                training,
                splits,
                untranscribed,
                pseudo,
                tokenizer,
                init,
                others,
                snapshots,
                folder,
                machine);
    }

    /** The same on another machine. */
    public MostJobConfig on(Machine other) {
        return new MostJobConfig(
                model,
                settings,
                training,
                splits,
                untranscribed,
                pseudo,
                tokenizer,
                init,
                features,
                texts,
                folder,
                other);
    }
}
