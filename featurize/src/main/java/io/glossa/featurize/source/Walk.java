package io.glossa.featurize.source;

import io.glossa.error.GlossaException;
import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Lists places and those that it finds in them, one after another; in memory is what one place has. After so many finds the places
 * that are left are given out, to be shared among others.
 */
public final class Walk implements Iterator<Listed>, Found {
    private static final int SHARE_AFTER = 2000;

    private final Source source;
    private final SourceBytes files;
    private final Deque<Place> places = new ArrayDeque<>();
    private final Deque<Listed> found = new ArrayDeque<>();
    private long finds;

    public Walk(Source source, Place from, SourceBytes files) {
        this.source = source;
        this.files = files;
        places.add(from);
    }

    /** @throws GlossaException of type DATA if the source's root cannot be listed */
    @Override
    public boolean hasNext() {
        while (found.isEmpty() && !places.isEmpty()) {
            Place place = places.removeLast();
            if (finds > SHARE_AFTER) {
                found.add(new Listed(null, place, null));
            } else {
                list(place);
            }
        }
        return !found.isEmpty();
    }

    @Override
    public Listed next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return found.remove();
    }

    private void list(Place place) {
        try {
            source.list(place, files, this);
        } catch (IOException e) {
            if (place.equals(source.root())) {
                throw GlossaException.data("Cannot list the recordings in " + place.uri() + ": " + e
                                + ", expected to be able to read it")
                        .causedBy(e);
            }
            recording(SourceFile.of(
                            place.uri(), place.uri(), Labels.of(source.root().uri()))
                    .refused(RejectCode.UNREADABLE, e.toString()));
        }
    }

    @Override
    public void recording(SourceFile file) {
        finds++;
        found.add(new Listed(file.version() == null && file.fault() == null ? seen(file) : file, null, null));
    }

    @Override
    public void place(Place place) {
        finds++;
        places.add(place);
    }

    @Override
    public void passedOver(String reason) {
        finds++;
        found.add(new Listed(null, null, reason));
    }

    private SourceFile seen(SourceFile file) {
        try {
            return file.in(files.version(file.file()));
        } catch (Refusal refusal) {
            return file.refused(refusal.code(), refusal.getMessage());
        }
    }
}
