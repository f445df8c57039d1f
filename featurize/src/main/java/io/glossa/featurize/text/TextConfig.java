package io.glossa.featurize.text;

import java.io.Serializable;

/**
 * How files of sentences are taken.
 *
 * @param lang language of all of them, ISO 639
 * @param source the corpus that they are
 * @param licence of the corpus
 * @param maxBytes of a line
 * @param maxRejectShare above which the job fails: of the lines that are not empty those in another encoding or too long
 */
public record TextConfig(String lang, String source, String licence, int maxBytes, double maxRejectShare)
        implements Serializable {}
