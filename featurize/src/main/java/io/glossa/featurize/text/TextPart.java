package io.glossa.featurize.text;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Some bytes of a file: the lines that begin in them.
 *
 * @param uri of the file
 * @param start of the part in the file, bytes
 * @param end behind it, at most the file's length
 */
public record TextPart(String uri, long start, long end) implements Serializable {
    static final long PART_BYTES = 64L << 20;

    /** The parts of a file of so many bytes. One that turns out to be compressed has all its lines in the first. */
    public static List<TextPart> of(String uri, long bytes) {
        List<TextPart> parts = new ArrayList<>();
        for (long start = 0; start == 0 || start < bytes; start += PART_BYTES) {
            parts.add(new TextPart(uri, start, Math.min(bytes, start + PART_BYTES)));
        }
        return parts;
    }
}
