package io.glossa.trainer.train;

import io.glossa.trainer.runtime.KernelTime;
import io.glossa.trainer.runtime.Roofline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the time of a training step goes.
 *
 * @param kernels of one step, in their order; seconds are means
 * @param flop of its products, by the formulas of {@link io.glossa.trainer.objective.Objective#flop}
 * @param roofline what the machine reaches at most
 */
public record StepProfile(List<KernelTime> kernels, double flop, Roofline roofline) {
    /**
     * Calls of one kernel.
     *
     * @param seconds of all its calls in a step
     * @param bytes of all its calls, and so is flop
     * @param roofline the time that the machine needs at least, as a share of the seconds
     */
    public record Row(String kernel, int calls, double seconds, long bytes, double flop, double roofline) {}

    /** What each kernel took per step between two looks. */
    static List<KernelTime> mean(List<KernelTime> before, List<KernelTime> after, int steps) {
        List<KernelTime> mean = new ArrayList<>();
        for (int i = 0; i < after.size(); i++) {
            KernelTime kernel = after.get(i);
            double seconds = (kernel.seconds() - before.get(i).seconds()) / steps;
            mean.add(new KernelTime(kernel.kernel(), seconds, kernel.bytes(), kernel.flop()));
        }
        return mean;
    }

    /** Seconds of all kernels of a step. */
    public double seconds() {
        return kernels.stream().mapToDouble(KernelTime::seconds).sum();
    }

    /** Of the rate that the machine reaches in a large product, what the kernels reach by the formulas. */
    public double productShare() {
        return flop / seconds() / roofline.flopPerSecond();
    }

    /** The kernels by name, longest first. */
    public List<Row> rows() {
        Map<String, List<KernelTime>> byName = new LinkedHashMap<>();
        kernels.forEach(kernel -> byName.computeIfAbsent(kernel.kernel(), name -> new ArrayList<>())
                .add(kernel));
        return byName.entrySet().stream()
                .map(entry -> row(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingDouble(Row::seconds).reversed())
                .toList();
    }

    private Row row(String name, List<KernelTime> calls) {
        double seconds = calls.stream().mapToDouble(KernelTime::seconds).sum();
        double least = calls.stream().mapToDouble(roofline::seconds).sum();
        return new Row(
                name,
                calls.size(),
                seconds,
                calls.stream().mapToLong(KernelTime::bytes).sum(),
                calls.stream().mapToDouble(KernelTime::flop).sum(),
                least / seconds);
    }
}
