/**
 * Texts for the lake, and pieces learned from texts. Files of sentences, or the lake's texts, enter; rows of sentences and rejects,
 * or a tokenizer's file, leave. State lives in the lake.
 */
package io.glossa.jobs.text;
