package io.glossa.featurize.decode;

import io.glossa.error.GlossaException;
import io.glossa.featurize.RejectCode;

/**
 * How to decode.
 *
 * @param strict reject what would otherwise be partial
 * @param maxSeconds more audio than this is rejected as {@link RejectCode#TOO_LONG}; bounds memory at 64 kB a second
 * @param raw how to read bytes in which no container is recognised; null to reject them
 */
public record DecodeOptions(boolean strict, double maxSeconds, RawFormat raw) {
    static final int MOST_SECONDS = 24_000;

    public DecodeOptions {
        if (!(maxSeconds > 0) || maxSeconds > MOST_SECONDS) {
            throw GlossaException.user("Cannot decode up to " + maxSeconds + " s: expected more than 0 and at most "
                    + MOST_SECONDS + " s");
        }
    }

    /** Partial files are kept, two hours at most, no raw formats. */
    public static DecodeOptions lenient() {
        return new DecodeOptions(false, 7200, null);
    }

    public DecodeOptions withRaw(RawFormat format) {
        return new DecodeOptions(strict, maxSeconds, format);
    }
}
