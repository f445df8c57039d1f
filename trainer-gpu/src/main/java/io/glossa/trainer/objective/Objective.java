package io.glossa.trainer.objective;

import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.trace.Trace;
import java.util.Map;

/** A model with what it is trained for. Implementations are records: two equal ones give equal programs. */
public interface Objective {
    /** The name in a checkpoint, such as "bestrq" or "ctc". */
    String kind();

    ModelConfig model();

    /** All settings that are needed to make this objective again, by key. */
    Map<String, String> config();

    /** Declares inputs, the loss and metrics for one bucket. */
    void trace(Trace trace, Bucket bucket);
}
