package io.glossa.trainer.train;

import io.glossa.trainer.ir.HostTensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** From a step's outputs to named numbers, and their running averages. */
final class Metrics {
    private static final double KEPT = 0.98;

    private final Map<String, Double> sums = new LinkedHashMap<>();
    private double weight;

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

    /** Adds a step; gives the averages with this step in them. */
    Map<String, Double> smoothed(Map<String, Double> metrics) {
        weight = KEPT * weight + 1 - KEPT;
        Map<String, Double> averages = new LinkedHashMap<>();
        metrics.forEach((name, value) -> {
            double sum = KEPT * sums.getOrDefault(name, 0.0) + (1 - KEPT) * value;
            sums.put(name, sum);
            averages.put(name, sum / weight);
        });
        return averages;
    }
}
