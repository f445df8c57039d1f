package io.glossa.jobs.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A linear axis with ticks at round numbers.
 *
 * @param low first tick, at or below the data
 * @param high last tick, at or above the data
 * @param step between ticks: 1, 2 or 5 times a power of ten
 */
record Axis(double low, double high, double step) {
    /** An axis over the data with about {@code ticks} ticks. */
    static Axis over(double from, double to, int ticks) {
        double span = to > from ? to - from : Math.max(1, Math.abs(to));
        double power = Math.pow(10, Math.floor(Math.log10(span / ticks)));
        double fraction = span / ticks / power;
        double step = power * (fraction <= 1 ? 1 : fraction <= 2 ? 2 : fraction <= 5 ? 5 : 10);
        return new Axis(Math.floor(from / step + 1e-9) * step, Math.ceil((from + span) / step - 1e-9) * step, step);
    }

    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        for (int i = 0; low + i * step <= high + step / 2; i++) {
            ticks.add(low + i * step);
        }
        return ticks;
    }

    /** Where a value lies between two positions on the page. */
    double at(double value, double start, double end) {
        return start + (value - low) / (high - low) * (end - start);
    }

    /** The tick's number with just the decimals that the step needs. */
    String label(double tick) {
        int decimals = Math.max(0, (int) Math.ceil(-Math.log10(step) - 1e-9));
        return String.format(Locale.ROOT, "%,." + decimals + "f", tick + 0.0);
    }
}
