package io.glossa.featurize.source;

/** One thing that a listing found: a recording, or a place that is still to be listed, or why something is neither. */
public record Listed(SourceFile recording, Place place, String passedOver) {}
