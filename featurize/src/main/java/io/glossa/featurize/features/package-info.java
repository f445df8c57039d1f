/**
 * Utterances to features.
 *
 * <p>What enters: utterances of a lake that have no features of the front end asked for. What leaves: rows of features and
 * rejects, written with Spark, and a {@link io.glossa.featurize.StageSummary}. State: none outlives a run.
 */
package io.glossa.featurize.features;
