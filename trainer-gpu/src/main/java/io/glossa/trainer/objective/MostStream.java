package io.glossa.trainer.objective;

import io.glossa.trainer.nn.ModelConfig;
import java.util.Map;

/** One of MOST's streams. */
interface MostStream extends Objective {
    Most most();

    @Override
    default ModelConfig model() {
        return most().model();
    }

    @Override
    default Map<String, String> config() {
        return most().config();
    }
}
