package io.glossa.trainer.runtime.host;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names for what is in a cache: SHA-256 in hexadecimal. */
public final class Digest {
    private static final int FILE_DIGITS = 24;

    private Digest() {}

    /** Of all parts, and of where each ends. */
    public static String of(String... parts) {
        return of((String.join("\0", parts) + "\0").getBytes(StandardCharsets.UTF_8));
    }

    /** The same, shortened to what tells files apart. */
    public static String ofFile(String... parts) {
        return of(parts).substring(0, FILE_DIGITS);
    }

    public static String of(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
