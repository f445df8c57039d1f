package io.glossa.featurize;

import io.glossa.error.GlossaException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names by content: the same input always has the same id, so that writing it twice can be noticed. */
final class Ids {
    private Ids() {}

    /** SHA-256 of a file's bytes, hex. */
    static String recording(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    /** SHA-256 of {@code recording:start:end}, in samples, hex. */
    static String utterance(String recording, Segment segment) {
        return of(recording, Integer.toString(segment.start()), Integer.toString(segment.end()));
    }

    /** SHA-256 of {@code stage:source:code}, hex. */
    static String reject(String stage, String source, RejectCode code) {
        return of(stage, source, code.name());
    }

    private static String of(String... parts) {
        return recording(String.join(":", parts).getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw GlossaException.internal("Cannot name a file: this Java has no SHA-256")
                    .causedBy(e);
        }
    }
}
