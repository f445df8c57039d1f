package io.glossa.trainer.objective;

import io.glossa.trainer.nn.ModelConfig;
import java.util.Map;
import java.util.Set;

/** A model with what it is trained for, as a checkpoint names it. */
public interface Recipe {
    /** The name in a checkpoint, such as "bestrq" or "ctc". */
    String kind();

    ModelConfig model();

    /** All settings that are needed to make this again, by key. */
    Map<String, String> config();

    /** How names of tensors begin that a training takes, beside the encoder's, from a model that it starts from and that has them. */
    default Set<String> takes() {
        return Set.of();
    }
}
