package io.glossa.config;

import io.glossa.error.GlossaException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/** Names a configuration by its content. */
public final class ConfigDigest {
    private ConfigDigest() {}

    /**
     * The first 16 hex digits of the SHA-256 of the record's {@code key=value} lines, sorted by key, in UTF-8. Two
     * records have the same digest if and only if (but for collisions) they have the same keys and values, whatever the
     * order of their components.
     */
    public static String of(Record config) {
        StringBuilder lines = new StringBuilder();
        new TreeMap<>(ConfigBinder.values(config))
                .forEach((key, value) -> lines.append(key)
                        .append('=')
                        .append(value.replace("\\", "\\\\").replace("\n", "\\n"))
                        .append('\n'));
        byte[] digest = sha256().digest(lines.toString().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest).substring(0, 16);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw GlossaException.internal("Cannot digest a configuration: this Java has no SHA-256")
                    .causedBy(e);
        }
    }
}
