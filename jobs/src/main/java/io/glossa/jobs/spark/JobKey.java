package io.glossa.jobs.spark;

import io.glossa.error.GlossaException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Names a piece of work by all that decides its result, so that doing it twice can be told from doing something else. */
public final class JobKey {
    private static final int HEX_DIGITS = 16;

    private JobKey() {}

    /** The first 16 hex digits of the SHA-256 of the {@code key=value} lines, sorted by key, in UTF-8. */
    public static String of(Map<String, String> parts) {
        StringBuilder lines = new StringBuilder();
        new TreeMap<>(parts)
                .forEach((key, value) -> lines.append(key)
                        .append('=')
                        .append(value.replace("\\", "\\\\").replace("\n", "\\n"))
                        .append('\n'));
        return sha256(lines.toString()).substring(0, HEX_DIGITS);
    }

    /** The SHA-256 of a text in UTF-8, hex. */
    public static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw GlossaException.internal("Cannot name a job: this Java has no SHA-256")
                    .causedBy(e);
        }
    }
}
