/**
 * Training as Spark jobs: snapshots and settings enter, a folder of checkpoints leaves.
 *
 * <p>The driver names the work, has Spark count and order the utterances, launches a barrier stage and watches; each rank in it
 * reads its part of the lake and trains. All state is in the run's folder, which all see: checkpoints, {@code metrics.jsonl}
 * (how training went), {@code data.json} (what it was trained on), {@code census.bin} (by which batches are planned) and
 * {@code labels} (the texts), where there are none {@code left-out} and {@code emptied} (names of those that are no part of it, or
 * whose places are empty), and {@code forgotten.json}, if some of its data were forgotten. A run that died at any moment goes on from
 * its last finished checkpoint.
 */
package io.glossa.jobs.train;
