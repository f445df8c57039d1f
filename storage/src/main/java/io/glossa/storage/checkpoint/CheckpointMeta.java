package io.glossa.storage.checkpoint;

import java.util.Map;
import java.util.Optional;

/**
 * The part of a checkpoint that is not tensors: {@code checkpoint.json}.
 *
 * @param step optimizer steps done
 * @param kind the objective that the model was trained for: {@code bestrq} or {@code ctc}
 * @param config every setting of the model and of training, by its kebab-case key
 * @param cursor where the data and the random numbers go on: a few integers, such as epoch, batch and seed
 * @param metrics the last metrics by name; finite or not
 * @param lineage what it was made from: run, snapshots, code version, parent model
 * @param base of a checkpoint of adapters, the model that has the rest
 */
public record CheckpointMeta(
        long step,
        String kind,
        Map<String, String> config,
        Map<String, Long> cursor,
        Map<String, Double> metrics,
        Map<String, String> lineage,
        Optional<Base> base) {
    public CheckpointMeta {
        config = Map.copyOf(config);
        cursor = Map.copyOf(cursor);
        metrics = Map.copyOf(metrics);
        lineage = Map.copyOf(lineage);
    }

    /** Of a whole model. */
    public CheckpointMeta(
            long step,
            String kind,
            Map<String, String> config,
            Map<String, Long> cursor,
            Map<String, Double> metrics,
            Map<String, String> lineage) {
        this(step, kind, config, cursor, metrics, lineage, Optional.empty());
    }

    /** The same with its base at the place where that was found. */
    CheckpointMeta with(Optional<Base> found) {
        return new CheckpointMeta(step, kind, config, cursor, metrics, lineage, found);
    }
}
