/**
 * The lake's door to training: rows of one snapshot become a {@link io.glossa.trainer.data.BatchSource}.
 *
 * <p>In: a snapshot id, and the files of texts that were made for a training. Out: utterances with their features and labels, cell
 * by cell. State: the cells of a small table.
 */
package io.glossa.trainer.lake;
