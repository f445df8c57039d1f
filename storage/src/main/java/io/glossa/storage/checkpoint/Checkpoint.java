package io.glossa.storage.checkpoint;

import io.glossa.error.GlossaException;
import java.util.Map;

/**
 * All that training needs to go on from a step.
 *
 * @param step optimizer steps done
 * @param model the parameters by module path, such as {@code encoder.blocks.0.ff1.linear1.weight}; of adapters with what their
 *     base has, which is not written
 * @param optimizer the optimizer's state by name
 * @param meta the rest, which fits in JSON
 */
public record Checkpoint(long step, Map<String, Tensor> model, Map<String, Tensor> optimizer, CheckpointMeta meta) {
    public Checkpoint {
        if (step != meta.step()) {
            throw GlossaException.internal("Cannot make a checkpoint of step " + step + ": its meta says " + meta.step()
                    + ", expected the same");
        }
        model = Map.copyOf(model);
        optimizer = Map.copyOf(optimizer);
    }
}
