package io.glossa.jobs.bench;

import io.glossa.trainer.train.SavingBench;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What checkpoints cost the steps beside them.
 *
 * @param stepS median seconds of a step without checkpoints
 * @param worstS of the three slowest of them, the median
 * @param savingStepS as {@code stepS}, with checkpoints
 * @param savingWorstS as {@code worstS}, with checkpoints
 * @param ratio of the worst with checkpoints over the worst without
 */
record SavingCost(double stepS, double worstS, double savingStepS, double savingWorstS, double ratio) {
    private static final int WORST = 3;

    static SavingCost of(SavingBench.Round round) {
        double worst = worst(round.without());
        double saving = worst(round.saving());
        return new SavingCost(median(round.without()), worst, median(round.saving()), saving, saving / worst);
    }

    /** Each figure's median by itself. */
    static SavingCost ofAll(List<SavingCost> rounds) {
        return new SavingCost(
                median(rounds, SavingCost::stepS),
                median(rounds, SavingCost::worstS),
                median(rounds, SavingCost::savingStepS),
                median(rounds, SavingCost::savingWorstS),
                median(rounds, SavingCost::ratio));
    }

    String words() {
        return String.format(
                Locale.ROOT,
                "a step %.3f s, the worst %.3f s; with checkpoints %.3f s, the worst %.3f s: %.2f times as long",
                stepS,
                worstS,
                savingStepS,
                savingWorstS,
                ratio);
    }

    private static double worst(List<Double> seconds) {
        return median(
                seconds.stream().sorted(Comparator.reverseOrder()).limit(WORST).toList());
    }

    private static double median(List<Double> values) {
        return median(values, value -> value);
    }

    private static <T> double median(List<T> values, ToDoubleFunction<T> figure) {
        return Comparison.median(values.stream().mapToDouble(figure).toArray());
    }
}
