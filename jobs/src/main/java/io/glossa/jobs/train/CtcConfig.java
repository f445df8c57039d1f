package io.glossa.jobs.train;

import io.glossa.config.ConfigBinder;
import java.util.Map;

/**
 * What CTC training has beside the model.
 *
 * @param specAugment whether to hide parts of the features
 */
record CtcConfig(boolean specAugment) {
    static final CtcConfig DEFAULTS = new CtcConfig(true);

    /** Of settings, some of which are another's business. */
    static CtcConfig of(Map<String, String> settings) {
        return new CtcConfig(Boolean.parseBoolean(
                settings.getOrDefault(ConfigBinder.keys(CtcConfig.class).get(0), "true")));
    }
}
