package io.glossa.jobs.train;

import io.glossa.config.ConfigBinder;
import io.glossa.error.GlossaException;
import io.glossa.featurize.frontend.FrontEnd;
import io.glossa.featurize.frontend.FrontEndChoice;
import io.glossa.jobs.consent.Terms;
import io.glossa.jobs.consent.Usage;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.trainer.lake.StoredFeatures;
import io.glossa.trainer.lake.TrainingRows;
import io.glossa.trainer.lake.WithoutFeatures;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.train.TrainConfig;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The data of a training, told from a checkpoint of it. */
final class TrainedData {
    private static final String PREFIX = "glossa.";

    /** Before the name of a table, of which a checkpoint names the snapshot. */
    static final String INPUT = PREFIX + "input.";

    private TrainedData() {}

    /**
     * As they are now: without what was forgotten.
     *
     * @param run the folder of the training
     * @throws GlossaException of type USER if the checkpoint does not tell them, as those that no job wrote
     */
    static TrainData of(Lake lake, Folder run, CheckpointMeta meta) {
        Optional<ForgottenNote> note = ForgottenNote.in(run);
        Map<String, String> told = new HashMap<>(meta.lineage());
        note.ifPresent(forgotten -> told.replaceAll((name, value) ->
                name.startsWith(INPUT) ? Long.toString(forgotten.instead(Long.parseLong(value))) : value));
        TrainData data = of(lake, meta, told);
        return note.map(data::without).orElse(data);
    }

    private static TrainData of(Lake lake, CheckpointMeta meta, Map<String, String> told) {
        FeatureOrigin origin = Arrays.stream(FeatureOrigin.values())
                .filter(each -> each.toString().equals(told.getOrDefault(PREFIX + "features", "stored")))
                .findFirst()
                .orElseThrow();
        long features = snapshot(told, origin.table());
        if (features == 0 || !told.containsKey(PREFIX + "splits")) {
            throw GlossaException.user("Cannot tell what the model of step " + meta.step()
                    + " was trained on: its lineage names no snapshot of "
                    + origin.table().tableName()
                    + ", expected what a training notes");
        }
        return new TrainData(
                meta.kind(),
                origin,
                features,
                frontEnd(lake, origin, features, meta),
                snapshot(told, LakeTable.TRANSCRIPTS),
                list(told.get(PREFIX + "splits")),
                new PseudoLabels(
                        Integer.parseInt(told.getOrDefault(PREFIX + "pseudo-generation", "0")),
                        Double.parseDouble(told.getOrDefault(PREFIX + "pseudo-weight", "1"))),
                new TokenizerChoice(TokenizerChoice.nameIn(meta), Map.of()),
                list(told.getOrDefault(PREFIX + "untranscribed", "")),
                snapshot(told, LakeTable.SENTENCES),
                Terms.ofLineage(told, PREFIX));
    }

    /** Its rows without log-mels. */
    static TrainingRows rows(TrainData data) {
        FrontEnd frontEnd = data.frontEnd();
        return new WithoutFeatures(
                data.origin() == FeatureOrigin.STORED
                        ? new StoredFeatures(frontEnd.digest())
                        : new ComputedFeatures(frontEnd.config(), Runnable::run));
    }

    private static FrontEnd frontEnd(Lake lake, FeatureOrigin origin, long features, CheckpointMeta meta) {
        int mels = ModelConfig.ofCheckpoint(meta.config()).mels();
        FrontEndChoice choice = FrontEndChoice.of(meta);
        return choice.isKnown()
                ? new FrontEnd(choice.own(), mels, 0, choice.settings())
                : new FeatureChoice(origin, OptionalLong.of(features), "", Usage.DEFAULTS)
                        .frontEnd(choice, lake, features, "tell what was trained on", mels);
    }

    private static long snapshot(Map<String, String> told, LakeTable table) {
        return Long.parseLong(told.getOrDefault(INPUT + table.tableName(), "0"));
    }

    private static List<String> list(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(","));
    }

    /** The settings of the training. */
    static TrainConfig training(CheckpointMeta meta) {
        return ConfigBinder.bindAmong(TrainConfig.class, meta.config(), TrainConfig.DEFAULTS);
    }
}
