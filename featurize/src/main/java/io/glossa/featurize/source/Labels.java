package io.glossa.featurize.source;

import java.io.Serializable;

/**
 * What a layout says of a recording beside its words.
 *
 * @param lang language, ISO 639-1 where there is one; {@code und} where unknown
 * @param split train, unlabelled, test, …; null to have {@link Split#of} decide by the recording's key
 * @param speaker who speaks; null where unknown
 * @param licence of the recording
 * @param source the corpus or package it comes from
 * @param domain kind of speech, such as news; null where unknown
 */
public record Labels(String lang, String split, String speaker, String licence, String source, String domain)
        implements Serializable {
    /** A licence of which nothing is known. */
    public static final String NO_LICENCE = "not stated";

    /** Of a source that says nothing else. */
    public static Labels of(String source) {
        return new Labels(Languages.UNKNOWN, null, null, NO_LICENCE, source, null);
    }

    /** With the language that a code or a tag such as {@code pt-BR} names, or none. */
    public Labels inLanguage(String tag) {
        return new Labels(Languages.ofTag(tag), split, speaker, licence, source, domain);
    }

    public Labels inSplit(String name) {
        return new Labels(lang, name, speaker, licence, source, domain);
    }

    /** Null or blank is nobody known. */
    public Labels by(String person) {
        return new Labels(lang, split, person == null || person.isBlank() ? null : person, licence, source, domain);
    }

    public Labels under(String terms) {
        return new Labels(lang, split, speaker, terms, source, domain);
    }

    public Labels about(String kind) {
        return new Labels(lang, split, speaker, licence, source, kind);
    }
}
