package io.glossa.jobs.corpus;

import io.glossa.featurize.source.Source;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Recordings to work on.
 *
 * @param voices who speaks, as far as it is known
 * @param texts that nobody spoke
 * @param leftOut how many were not taken before the source was made, by reason, in the order of the reasons
 */
public record Corpus(Source source, List<Voice> voices, List<Texts> texts, Map<String, Long> leftOut) {
    public Corpus {
        voices = List.copyOf(voices);
        texts = List.copyOf(texts);
        leftOut = Collections.unmodifiableMap(new TreeMap<>(leftOut));
    }

    /** Of which nothing else is known. */
    public static Corpus of(Source source) {
        return new Corpus(source, List.of(), List.of(), Map.of());
    }

    /** With texts that nobody spoke. */
    public Corpus with(List<Texts> others) {
        return new Corpus(source, voices, others, leftOut);
    }
}
