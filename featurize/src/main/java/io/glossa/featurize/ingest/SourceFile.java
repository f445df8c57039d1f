package io.glossa.featurize.ingest;

import io.glossa.featurize.RejectCode;
import java.io.Serializable;

/**
 * One audio file to ingest and what is known of it.
 *
 * @param uri where to read it: a URI that Hadoop or Java knows, or a local path
 * @param key its name within its source, unique there
 * @param lang language, ISO 639-1 where there is one
 * @param split train, unlabelled, test, …
 * @param speaker who speaks; null where unknown
 * @param text the normalised transcript; null if there is none, and then the file is cut into segments
 * @param rawText the transcript as it came; null if there is none
 * @param licence of the recording
 * @param source the corpus or package it comes from
 * @param fault why it is refused before it is read; null where it is not
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
        String source,
        Fault fault)
        implements Serializable {
    /** A reject that whoever lists files knows of. */
    public record Fault(RejectCode code, String detail) implements Serializable {}

    /** A file that is to be read. */
    public SourceFile(
            String uri,
            String key,
            String lang,
            String split,
            String speaker,
            String text,
            String rawText,
            String licence,
            String source) {
        this(uri, key, lang, split, speaker, text, rawText, licence, source, null);
    }
}
