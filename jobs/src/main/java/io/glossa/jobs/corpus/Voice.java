package io.glossa.jobs.corpus;

import java.util.List;

/**
 * Who speaks in a corpus, and under which terms.
 *
 * @param speaker the name in the lake's column {@code speaker}
 * @param credit the person or firm to name
 * @param licence the SPDX-like name of the licence
 * @param languages what the voice speaks here
 * @param packages where the recordings come from, with versions
 */
public record Voice(String speaker, String credit, String licence, List<String> languages, List<String> packages) {}
