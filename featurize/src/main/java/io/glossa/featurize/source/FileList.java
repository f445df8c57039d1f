package io.glossa.featurize.source;

import java.util.List;

/** A few files that somebody knows already, such as those of a package. */
public record FileList(List<SourceFile> files) implements Source {
    public FileList {
        files = List.copyOf(files);
    }

    @Override
    public Place root() {
        return new Place("");
    }

    @Override
    public void list(Place place, SourceBytes bytes, Found found) {
        files.forEach(found::recording);
    }
}
