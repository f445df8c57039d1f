package io.glossa.trainer.train;

import io.glossa.trainer.ir.HostTensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** From a step's outputs to named numbers, and their running averages. */
final class Metrics {
    private static final double KEPT = 0.98;

    private Map<String, Double> averages;
    private long steps;

    /**
     * Goes on from averages.
     *
     * @param averages what {@link #averages} was
     * @param steps that are in them
     */
    Metrics(Map<String, Double> averages, long steps) {
        this.averages = averages;
        this.steps = steps;
    }

    /** Each output by name; of one with several values the mean, and each as {@code name.k}. */
    static Map<String, Double> of(Map<String, HostTensor> outputs) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        outputs.forEach((name, value) -> {
            int size = Math.toIntExact(value.type().shape().size());
            double sum = 0;
            for (int i = 0; i < size; i++) {
                sum += value.at(i);
            }
            metrics.put(name, sum / size);
            for (int i = 0; size > 1 && i < size; i++) {
                metrics.put(name + "." + i, value.at(i));
            }
        });
        return metrics;
    }

    /**
     * Adds a step; gives the averages with this step in them. After n steps one that was k steps ago weighs
     * (1 − 0.98) · 0.98^k / (1 − 0.98^n), so that averages and n are all that must be kept.
     */
    Map<String, Double> smoothed(Map<String, Double> metrics) {
        double share = (1 - KEPT) / (1 - StrictMath.pow(KEPT, ++steps));
        Map<String, Double> next = new LinkedHashMap<>();
        metrics.forEach((name, value) -> {
            double before = averages.getOrDefault(name, value);
            next.put(name, before + share * (value - before));
        });
        averages = next;
        return averages;
    }

    /** As of the last step. */
    Map<String, Double> averages() {
        return averages;
    }
}
