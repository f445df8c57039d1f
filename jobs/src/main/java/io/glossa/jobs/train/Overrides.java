package io.glossa.jobs.train;

import io.glossa.config.ConfigBinder;
import io.glossa.config.Nearest;
import io.glossa.error.GlossaException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Settings by key that belong to several config records, each of which takes its own. */
public final class Overrides {
    private final Map<String, String> set;

    /**
     * @param types all records that a key may belong to
     * @throws GlossaException of type USER that names the nearest key for one that none of them has
     */
    public Overrides(Map<String, String> set, List<Class<? extends Record>> types) {
        List<String> known = new ArrayList<>();
        types.forEach(type -> known.addAll(ConfigBinder.keys(type)));
        for (String key : set.keySet()) {
            if (!known.contains(key)) {
                throw GlossaException.user("Cannot set '" + key + "': no such key, expected one of "
                        + String.join(", ", known) + Nearest.hint(key, known));
            }
        }
        this.set = set;
    }

    /** All of them. */
    public Map<String, String> set() {
        return set;
    }

    /** The settings of one record. */
    public Map<String, String> of(Class<? extends Record> type) {
        Map<String, String> own = new LinkedHashMap<>(set);
        own.keySet().retainAll(ConfigBinder.keys(type));
        return own;
    }

    /** A copy of the defaults with this record's settings. */
    public <R extends Record> R bind(Class<R> type, R defaults) {
        return ConfigBinder.bindAmong(type, set, defaults);
    }
}
