/**
 * Where recordings come from: a folder, a manifest or Debian's voice prompts enter, a list of
 * {@link io.glossa.featurize.ingest.SourceFile}s with split, text, speaker and licence leaves. No state but files on disk; no
 * Spark.
 */
package io.glossa.jobs.corpus;
