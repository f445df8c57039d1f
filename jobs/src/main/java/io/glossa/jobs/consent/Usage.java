package io.glossa.jobs.consent;

import io.glossa.config.ConfigBinder;
import io.glossa.error.GlossaException;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a run is, as far as consent asks.
 *
 * @param purpose a word; empty: not said, so that nothing may be used that is for certain purposes alone
 * @param territory a word, such as a country's code; empty: not said, likewise
 * @param consent which utterances need it
 * @param violations what becomes of a run that would use what it may not
 */
public record Usage(String purpose, String territory, Consent consent, Violations violations) implements Serializable {
    /** Says nothing, uses what no row of consent speaks of, and stops. */
    public static final Usage DEFAULTS = new Usage("", "", Consent.WHERE_STATED, Violations.STOP);

    /** Before its keys in lineage. */
    public static final String PREFIX = "use.";

    /** Which utterances need consent. */
    public enum Consent {
        /** Those of which a row speaks. */
        WHERE_STATED,
        /** All. */
        REQUIRED
    }

    /** What becomes of a run that would use what it may not. */
    public enum Violations {
        /** It ends before it starts. */
        STOP,
        /** It does without, and counts them among its rejects. */
        LEAVE_OUT
    }

    /** @throws GlossaException of type USER for a purpose or a territory of several words */
    public Usage {
        purpose = Words.one("purpose", purpose).toLowerCase(Locale.ROOT);
        territory = Words.one("territory", territory).toUpperCase(Locale.ROOT);
    }

    /** The defaults but for some, by key. */
    public static Usage of(Map<String, String> set) {
        return ConfigBinder.bind(Usage.class, set, DEFAULTS);
    }

    boolean leavesOut() {
        return violations == Violations.LEAVE_OUT;
    }

    /** What of it is not as by default, for lineage. */
    Map<String, String> lineage() {
        Map<String, String> own = new LinkedHashMap<>();
        Map<String, String> defaults = ConfigBinder.values(DEFAULTS);
        ConfigBinder.values(this).forEach((key, value) -> {
            if (!value.equals(defaults.get(key))) {
                own.put(PREFIX + key, value);
            }
        });
        return own;
    }

    /** The same from lineage, whose keys have a prefix. */
    static Usage ofLineage(Map<String, String> lineage, String prefix) {
        Map<String, String> set = new LinkedHashMap<>();
        ConfigBinder.keys(Usage.class).forEach(key -> {
            if (lineage.containsKey(prefix + PREFIX + key)) {
                set.put(key, lineage.get(prefix + PREFIX + key));
            }
        });
        return of(set);
    }
}
