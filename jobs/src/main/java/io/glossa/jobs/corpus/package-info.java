/**
 * Recordings with what is known of their voices: a {@link io.glossa.featurize.source.Source}, or the voice prompts that Debian
 * has. No state but files on disk; no Spark.
 */
package io.glossa.jobs.corpus;
