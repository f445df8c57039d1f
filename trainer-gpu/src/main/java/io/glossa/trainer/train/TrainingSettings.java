package io.glossa.trainer.train;

import io.glossa.config.ConfigBinder;
import io.glossa.error.GlossaException;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Recipe;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a checkpoint notes of how it was trained, and what of it a resumed training must have in common.
 *
 * @param data settings of what is read
 * @param threads where the bits of results depend on their number
 */
record TrainingSettings(Recipe recipe, TrainConfig config, Map<String, String> data, Rank rank, OptionalInt threads) {
    /** Settings that a resumed run may change. */
    private static final Set<String> CHANGEABLE =
            Set.of("passes", "checkpoint-steps", "keep-last", "keep-every", "checksum-steps", "sharding", "skip-share");

    private static final String THREADS = "threads";

    private static final String RANKS = "ranks";

    /** A position in an epoch is one in the order of batches of this version: another number when that order changes. */
    private static final String ORDER = "order";

    private static final String THIS_ORDER = "2";

    /** What of a checkpoint's config checkpoints of one training have in common. */
    static Map<String, String> common(CheckpointMeta meta) {
        Map<String, String> common = todays(meta.config());
        common.keySet().removeAll(CHANGEABLE);
        common.keySet().removeAll(Set.of(THREADS, RANKS));
        return common;
    }

    /** Under the keys and in the spelling of today; of a version without groups it is as if there were one. */
    private static Map<String, String> todays(Map<String, String> config) {
        Map<String, String> today = ModelConfig.todays(config);
        today.putAll(ConfigBinder.values(ConfigBinder.bindAmong(GroupConfig.class, today, GroupConfig.DEFAULTS)));
        return today;
    }

    /** By key. */
    Map<String, String> all() {
        Map<String, String> settings = new LinkedHashMap<>(recipe.config());
        settings.putAll(ConfigBinder.values(config));
        settings.putAll(data);
        settings.put(ORDER, THIS_ORDER);
        settings.put(RANKS, Integer.toString(rank.count()));
        threads.ifPresent(count -> settings.put(THREADS, Integer.toString(count)));
        return settings;
    }

    /** @throws GlossaException of type USER if a training cannot go on from a checkpoint */
    void require(CheckpointMeta meta) {
        String order = meta.config().getOrDefault(ORDER, "1");
        if (!order.equals(THIS_ORDER)) {
            throw GlossaException.user("Cannot resume training: the checkpoint was trained in an order of batches of"
                    + " another version, order=" + order + ", expected order=" + THIS_ORDER
                    + " (start anew in another folder; finetune takes its encoder by --init)");
        }
        if (!meta.kind().equals(recipe.kind())) {
            throw GlossaException.user("Cannot resume training: the checkpoint is of kind '" + meta.kind()
                    + "', expected '" + recipe.kind() + "' (start anew in another folder)");
        }
        if (Integer.toString(rank.count()).equals(meta.config().getOrDefault(RANKS, "1"))) {
            requireSameThreads(meta.config().get(THREADS)); // with other ranks sums have other last bits anyway
        }
        Map<String, String> before = todays(meta.config());
        Map<String, String> settings = all();
        settings.keySet().removeAll(Set.of(THREADS, RANKS));
        settings.forEach((key, value) -> {
            if (!CHANGEABLE.contains(key) && !value.equals(before.get(key))) {
                throw GlossaException.user("Cannot resume training: the checkpoint has " + key + "="
                        + before.get(key) + ", found " + key + "=" + value
                        + ", expected the same (start anew in another folder)");
            }
        });
    }

    /** What was trained on a device whose threads do not matter, or by a version that did not note them, has none. */
    private void requireSameThreads(String before) {
        if (before != null && threads.isPresent() && !before.equals(Integer.toString(threads.getAsInt()))) {
            throw GlossaException.user("Cannot resume training: the checkpoint has threads=" + before
                    + ", found threads=" + threads.getAsInt() + ", expected the same, on which the last bits of sums"
                    + " depend (--threads " + before + " works with any number of cores)");
        }
    }
}
