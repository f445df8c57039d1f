/**
 * The training loop, checkpoints and recognition.
 *
 * <p>In: a device, an {@link io.glossa.trainer.objective.Objective}, a {@link io.glossa.trainer.data.BatchSource}. Out:
 * checkpoints, a {@link io.glossa.trainer.train.StepReport} per step, hypotheses. State: the model's tensors live in the
 * device's {@link io.glossa.trainer.runtime.State}, which the {@link io.glossa.trainer.train.Trainer} or
 * {@link io.glossa.trainer.train.Recognizer} owns and closes; where training stands is a cursor of a few integers.
 */
package io.glossa.trainer.train;
