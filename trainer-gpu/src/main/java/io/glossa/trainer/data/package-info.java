/**
 * What training reads, and in which order.
 *
 * <p>In: a {@link io.glossa.trainer.data.BatchSource}, the one door through which the lake enters. Out: a
 * {@link io.glossa.trainer.data.BatchPlan} per epoch and the utterances of each batch. State: the {@link io.glossa.trainer.data.Windows} in memory, and a
 * {@link io.glossa.trainer.data.Cursor} of a few integers, which the training loop owns.
 */
package io.glossa.trainer.data;
