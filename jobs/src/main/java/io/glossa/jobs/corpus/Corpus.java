package io.glossa.jobs.corpus;

import io.glossa.featurize.ingest.SourceFile;
import java.util.List;
import java.util.Map;

/**
 * Recordings to work on.
 *
 * @param files the recordings, each once, sorted by language and key
 * @param voices who speaks, as far as it is known
 * @param leftOut how many were not taken, by reason
 */
public record Corpus(List<SourceFile> files, List<Voice> voices, Map<String, Long> leftOut) {}
