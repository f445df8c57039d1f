/**
 * Training as Spark jobs: snapshots and settings enter, a folder of checkpoints leaves.
 *
 * <p>The driver names the work, launches a barrier stage and watches; the one rank in it reads the lake and trains. All
 * state is in the run's folder, which both see: checkpoints, {@code metrics.jsonl} (how training went) and
 * {@code data.json} (what it was trained on). A run that died at any moment goes on from its last finished checkpoint.
 */
package io.glossa.jobs.train;
