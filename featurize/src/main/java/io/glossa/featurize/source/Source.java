package io.glossa.featurize.source;

import java.io.IOException;
import java.io.Serializable;

/**
 * Recordings in one layout. {@code docs/sources.md} shows how to add one.
 *
 * <p>A source is sent to many tasks, and each lists some of its places, so that nobody holds the list of all files. What it
 * says must follow from what lies there alone.
 */
public interface Source extends Serializable {
    /** Where listing begins. */
    Place root();

    /**
     * Lists one place: each recording, each place further down, and a reason for all that is passed over.
     *
     * @throws IOException if the place cannot be read; of any but the root that becomes a reject
     */
    void list(Place place, SourceBytes files, Found found) throws IOException;
}
