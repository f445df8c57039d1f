/**
 * Files to rows.
 *
 * <p>What enters: {@link io.glossa.featurize.source.SourceFile}s and the lake. What leaves: rows of recordings, utterances,
 * transcripts and rejects, written with Spark, and a {@link io.glossa.featurize.StageSummary}. State: none outlives a run.
 */
package io.glossa.featurize.ingest;
