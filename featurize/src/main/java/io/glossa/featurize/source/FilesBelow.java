package io.glossa.featurize.source;

import java.io.IOException;

/** Files of one ending in a folder and below it, or one alone. */
record FilesBelow(String ending) {
    /** Whether a place is such a file; if it is a folder, lists the files and folders in it as places. */
    boolean isOne(Place at, SourceBytes files, Found found) throws IOException {
        if (Entry.ending(at.uri()).equals(ending) && !files.isFolder(at.uri())) {
            return true;
        }
        for (Entry entry : files.list(at.uri())) {
            boolean isOne = entry.kind() == Entry.Kind.FILE && entry.ending().equals(ending);
            if (!entry.isHidden() && (isOne || entry.kind() == Entry.Kind.FOLDER)) {
                found.place(new Place(entry.uri()));
            } else {
                found.passedOver(entry.isHidden() ? "hidden" : entry.reason());
            }
        }
        return false;
    }
}
