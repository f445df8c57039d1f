package io.glossa.storage.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What one rank writes of a checkpoint.
 *
 * @param deal who writes which tensor of the model
 * @param model what the rank writes of the parameters, by module path
 * @param optimizer what the rank has of the optimizer's state, by name
 * @param meta the same for all ranks; the first writes it
 */
public record Share(
        Part part, Deal deal, Map<String, TensorRange> model, Map<String, TensorRange> optimizer, CheckpointMeta meta) {
    public Share {
        model = Map.copyOf(model);
        optimizer = Map.copyOf(optimizer);
    }

    static Share whole(Checkpoint checkpoint) {
        Map<String, Tensor> model =
                checkpoint.meta().base().isPresent() ? Base.others(checkpoint.model()) : checkpoint.model();
        Map<String, Long> bytes = new LinkedHashMap<>();
        model.forEach((name, tensor) -> bytes.put(name, tensor.bytes()));
        return new Share(
                Part.WHOLE,
                Deal.of(bytes, Set.of(), 1),
                TensorRange.whole(model),
                TensorRange.whole(checkpoint.optimizer()),
                checkpoint.meta());
    }
}
