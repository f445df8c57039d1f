package io.glossa.featurize;

import java.io.Serializable;

/**
 * One audio file to ingest, and what is known of it.
 *
 * @param uri where its bytes are
 * @param key its name within its language, by which it is put in a split
 * @param lang its language, ISO 639-1 where there is one, {@code und} where it is not known
 * @param split {@code train}, {@code unlabelled} or {@code test}
 * @param speaker who speaks; null where it is not known
 * @param text what is said, normalised; null where it is not known or withheld
 * @param rawText what is said, as it came; null where {@code text} is
 * @param licence the recording's licence
 * @param source the corpus or package it came from
 */
public record SourceFile(
        String uri,
        String key,
        String lang,
        String split,
        String speaker,
        String text,
        String rawText,
        String licence,
        String source)
        implements Serializable {}
