package io.glossa.featurize.source;

import java.io.Serializable;

/**
 * Where a layout has something to list: a folder, a file, or the lines of a file that begin in a range of its bytes.
 *
 * @param start first byte
 * @param end byte after the last; {@link Long#MAX_VALUE} for all
 */
public record Place(String uri, long start, long end) implements Serializable {
    public Place(String uri) {
        this(uri, 0, Long.MAX_VALUE);
    }
}
