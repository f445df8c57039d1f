/**
 * What a training takes on a device that need not be there: memory, bytes between ranks, time.
 *
 * <p>In: an objective, a length of utterances, a number of ranks, and a device's figures from {@code deploy/presets/device}. Out:
 * a {@link io.glossa.trainer.plan.TrainingPlan}. Programs go through the compiler's passes, and nothing is allocated or run. No
 * state.
 */
package io.glossa.trainer.plan;
