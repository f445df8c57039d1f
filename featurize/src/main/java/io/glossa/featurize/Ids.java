package io.glossa.featurize;

import io.glossa.config.Sha256;

/** Names by content: the same input always has the same id, so that writing it twice can be noticed. */
public final class Ids {
    private Ids() {}

    /** SHA-256 of a file's bytes, hex. */
    public static String recording(byte[] bytes) {
        return Sha256.of(bytes);
    }

    /** SHA-256 of {@code recording:start:end}, in samples, hex. */
    public static String utterance(String recording, int start, int end) {
        return of(recording, Integer.toString(start), Integer.toString(end));
    }

    /** SHA-256 of {@code lang:text}, hex. */
    public static String sentence(String lang, String text) {
        return of(lang, text);
    }

    /** SHA-256 of {@code stage:source:code}, hex. */
    public static String reject(String stage, String source, RejectCode code) {
        return of(stage, source, code.name());
    }

    private static String of(String... parts) {
        return Sha256.of(String.join(":", parts));
    }
}
