package io.glossa.jobs.train;

import io.glossa.trainer.nn.ModelConfig;
import java.util.Iterator;

/** The presets of models, for pages of help. */
final class PresetNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        return ModelConfig.presets().iterator();
    }
}
