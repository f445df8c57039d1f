package io.glossa.jobs.lineage;

/**
 * That a model had something of an utterance, or of a sentence.
 *
 * @param teacher digest of the model whose text it is; empty: none
 * @param first the first step that learned from it; 0: none, but what is known before the first step
 * @param count how many times it was learned from
 */
record Use(Way way, String id, String teacher, long first, long count) {}
