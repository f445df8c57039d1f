package io.glossa.jobs.evaluate;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Confidence intervals of error rates by resampling utterances with replacement (Bisani and Ney, "Bootstrap estimates
 * for confidence intervals in ASR performance evaluation", ICASSP 2004). The same resamples serve every rate of one
 * instance, so that two systems on the same utterances are compared pair by pair.
 */
public final class Bootstrap {
    static final int RESAMPLES = 1000;
    static final double LEVEL = 0.95;

    private final int utterances;
    private final long seed;

    /**
     * @param utterances how many each resample draws, from 0 .. utterances − 1
     * @param seed decides the resamples
     */
    public Bootstrap(int utterances, long seed) {
        this.utterances = utterances;
        this.seed = seed;
    }

    /**
     * The middle 95 % of the rate over 1000 resamples.
     *
     * @param errors errors of each utterance
     * @param lengths reference length of each utterance
     */
    public Interval interval(int[] errors, int[] lengths) {
        return percentiles(draw -> rate(errors, lengths, draw));
    }

    /** The middle 95 % of (rate of {@code a} − rate of {@code b}) on the same utterances; below 0, a is the better. */
    public Interval difference(int[] errorsA, int[] errorsB, int[] lengths) {
        return percentiles(draw -> rate(errorsA, lengths, draw) - rate(errorsB, lengths, draw));
    }

    /** All errors over all lengths; NaN where the lengths sum to 0. */
    public static double rate(int[] errors, int[] lengths) {
        return sum(errors) / (double) sum(lengths);
    }

    static long sum(int[] values) {
        return Arrays.stream(values).asLongStream().sum();
    }

    private Interval percentiles(ToDoubleFunction<int[]> statistic) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] draw = new int[utterances];
        double[] values = new double[RESAMPLES];
        for (int r = 0; r < RESAMPLES; r++) {
            Arrays.setAll(draw, i -> random.nextInt(utterances));
            values[r] = statistic.applyAsDouble(draw);
        }
        Arrays.sort(values); // NaN, from a resample without a reference, sorts last
        int tail = (int) Math.round(RESAMPLES * (1 - LEVEL) / 2);
        return new Interval(values[tail], values[RESAMPLES - 1 - tail]);
    }

    private static double rate(int[] errors, int[] lengths, int[] draw) {
        long wrong = 0;
        long total = 0;
        for (int i : draw) {
            wrong += errors[i];
            total += lengths[i];
        }
        return wrong / (double) total;
    }
}
