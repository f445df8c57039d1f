package io.glossa.jobs.corpus;

import io.glossa.featurize.ingest.SourceFile;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Recordings to work on.
 *
 * @param files the recordings, each once, sorted by language and key
 * @param voices who speaks, as far as it is known
 * @param leftOut how many were not taken, by reason, in the order of the reasons
 */
public record Corpus(List<SourceFile> files, List<Voice> voices, Map<String, Long> leftOut) {
    public Corpus {
        files = List.copyOf(files);
        voices = List.copyOf(voices);
        leftOut = Collections.unmodifiableMap(new TreeMap<>(leftOut));
    }

    /** Of the recordings, in alphabetical order. */
    public List<String> languages() {
        return files.stream().map(SourceFile::lang).distinct().sorted().toList();
    }
}
