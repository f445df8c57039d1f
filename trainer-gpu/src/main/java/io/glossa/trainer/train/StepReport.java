package io.glossa.trainer.train;

import java.util.LinkedHashMap;
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
 * @param partSeconds that this rank took for each of its parts of this step's batch, without those that it waited for other ranks
 *     as far as its device knows them
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
        double partSeconds,
        double waitedSeconds) {
    /** With other metrics beside the averages. */
    public StepReport with(Map<String, Double> others) {
        Map<String, Double> all = new LinkedHashMap<>(smoothed);
        all.putAll(others);
        return new StepReport(
                step, totalSteps, epoch, learningRate, metrics, all, audioHoursPerHour, partSeconds, waitedSeconds);
    }
}
