package io.glossa.jobs.corpus;

import java.nio.file.Path;

/**
 * Sentences that nobody spoke.
 *
 * @param lang language, ISO 639-1
 * @param file UTF-8, a sentence a line
 * @param source what they are from, with its version
 */
public record Texts(String lang, Path file, String source, String licence) {}
