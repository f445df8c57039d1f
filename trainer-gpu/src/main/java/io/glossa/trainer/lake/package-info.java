/**
 * The lake's door to training: rows of one snapshot become a {@link io.glossa.trainer.data.BatchSource}.
 *
 * <p>In: snapshot ids. Out: utterances with their features and labels. State: one scratch file per source, deleted when
 * it is closed.
 */
package io.glossa.trainer.lake;
