package io.glossa.trainer.train;

import java.util.Map;

/**
 * What a training step did.
 *
 * @param step steps done with this one
 * @param totalSteps steps of the whole training
 * @param epoch passes over the data that are done with this step
 * @param learningRate of this step
 * @param metrics of this step by name, "loss" first; of a metric with one value per codebook the mean, and each value as
 *     {@code name.k}
 * @param smoothed the same metrics averaged over about the last 50 steps that were not left out, and, if some were, how many
 *     of all, {@code skipped}
 * @param audioHoursPerHour real audio, without padding, that was trained on per hour of stepping since the loop was
 *     entered
 * @param waitedSeconds that this rank waited for data since training was opened
 */
public record StepReport(
        long step,
        long totalSteps,
        int epoch,
        double learningRate,
        Map<String, Double> metrics,
        Map<String, Double> smoothed,
        double audioHoursPerHour,
        double waitedSeconds) {}
