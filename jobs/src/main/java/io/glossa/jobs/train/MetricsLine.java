package io.glossa.jobs.train;

import io.glossa.trainer.train.StepReport;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How training stood at a step: a line of {@code metrics.jsonl}.
 *
 * @param step steps done
 * @param totalSteps steps of the whole training
 * @param epoch passes over the data that are done; 0 where streams have their own
 * @param seconds of wall clock that all attempts trained until here
 * @param loss averaged over about the last 50 steps
 * @param metrics the others, averaged alike; of one with a value per codebook the mean, and each value as {@code name.k}
 * @param audioHoursPerHour real audio, without padding, per hour of stepping
 * @param waitedSeconds of {@code seconds}, those that the first rank waited for data
 */
public record MetricsLine(
        long step,
        long totalSteps,
        int epoch,
        double seconds,
        double learningRate,
        double loss,
        Map<String, Double> metrics,
        double audioHoursPerHour,
        double waitedSeconds) {
    static final String LOSS = "loss";

    /** @param before seconds that earlier attempts waited */
    static MetricsLine of(StepReport report, double seconds, double before) {
        Map<String, Double> others = new LinkedHashMap<>(report.smoothed());
        double loss = others.remove(LOSS);
        return new MetricsLine(
                report.step(),
                report.totalSteps(),
                report.epoch(),
                seconds,
                report.learningRate(),
                loss,
                others,
                report.audioHoursPerHour(),
                before + report.waitedSeconds());
    }
}
