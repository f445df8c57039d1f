package io.glossa.featurize.decode;

import io.glossa.error.GlossaException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a headerless file needs to be told, because nothing in its bytes says it.
 *
 * @param format FFmpeg's name of the raw demuxer, such as {@code s16le}, {@code mulaw}, {@code alaw}, {@code g722}, {@code gsm}
 * @param sampleRate Hz, more than 0
 * @param channels at least 1
 */
public record RawFormat(String format, int sampleRate, int channels) {
    /** What these endings mean in telephony. {@code .raw} and {@code .pcm} mean nothing in particular, so they are not here. */
    private static final Map<String, RawFormat> BY_ENDING = Map.of(
            "gsm", new RawFormat("gsm", 8000, 1),
            "g722", new RawFormat("g722", 16_000, 1),
            "ul", new RawFormat("mulaw", 8000, 1),
            "ulaw", new RawFormat("mulaw", 8000, 1),
            "al", new RawFormat("alaw", 8000, 1),
            "alaw", new RawFormat("alaw", 8000, 1),
            "sln", new RawFormat("s16le", 8000, 1),
            "sln16", new RawFormat("s16le", 16_000, 1));

    public RawFormat {
        if (format.isBlank() || sampleRate <= 0 || channels <= 0) {
            throw GlossaException.user("Cannot read raw audio as '" + format + "," + sampleRate + "," + channels
                    + "': expected format,rate,channels such as s16le,16000,1");
        }
    }

    /** The telephone format that the ending of a file's name stands for, if it stands for one. */
    public static Optional<RawFormat> ofName(String fileName) {
        String ending = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return Optional.ofNullable(BY_ENDING.get(ending));
    }
}
