package io.glossa.config;

import java.util.Map;
import java.util.TreeMap;

/** Names a configuration, or a piece of work by all that decides its result, by its content. */
public final class ConfigDigest {
    private static final int HEX_DIGITS = 16;

    private ConfigDigest() {}

    /** The digest of the record's keys and values: {@link #of(Map)}, whatever the order of its components. */
    public static String of(Record config) {
        return of(ConfigBinder.values(config));
    }

    /**
     * The first 16 hex digits of the SHA-256 of the {@code key=value} lines, sorted by key, in UTF-8. Two maps have the same
     * digest if and only if (but for collisions) they have the same keys and values.
     */
    public static String of(Map<String, String> values) {
        StringBuilder lines = new StringBuilder();
        new TreeMap<>(values)
                .forEach((key, value) -> lines.append(key)
                        .append('=')
                        .append(value.replace("\\", "\\\\").replace("\n", "\\n"))
                        .append('\n'));
        return Sha256.of(lines.toString()).substring(0, HEX_DIGITS);
    }
}
