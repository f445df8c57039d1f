package io.glossa.trainer.runtime.host;

import io.glossa.config.Sha256;

/** Names for what is in a cache: SHA-256 in hexadecimal. */
public final class Digest {
    private static final int FILE_DIGITS = 24;

    private Digest() {}

    /** Of all parts, and of where each ends. */
    public static String of(String... parts) {
        return Sha256.of(String.join("\0", parts) + "\0");
    }

    /** The same, shortened to what tells files apart. */
    public static String ofFile(String... parts) {
        return of(parts).substring(0, FILE_DIGITS);
    }
}
