package io.glossa.trainer.objective;

import io.glossa.config.ConfigBinder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the training of a recogniser does to its features, whatever the head.
 *
 * @param specAugment whether to hide parts of them
 */
public record Augmentation(boolean specAugment) {
    public static final Augmentation DEFAULTS = new Augmentation(true);

    /** All settings of a recogniser that is trained so, by key: of its parts, its symbols, and this. */
    Map<String, String> config(SymbolTable symbols, Record... parts) {
        Map<String, String> config = new LinkedHashMap<>();
        for (Record part : parts) {
            config.putAll(ConfigBinder.values(part));
        }
        config.putAll(symbols.config());
        config.putAll(ConfigBinder.values(this));
        return config;
    }
}
