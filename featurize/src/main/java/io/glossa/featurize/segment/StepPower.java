package io.glossa.featurize.segment;

import io.glossa.featurize.decode.AudioDecoder;

/**
 * The power of a signal around each step of 10 ms, without its offset.
 *
 * <p>From each window its own straight line is taken away (least squares), and with it an offset, one that drifts slowly,
 * and all but a window's length of one that jumps. What speech has, from 80 Hz on, loses less than 0.7 dB in 30 ms.
 */
final class StepPower {
    /** Samples from one level to the next. */
    static final int STEP = AudioDecoder.SAMPLE_RATE / 100;

    private final int samples;
    private final double[] sum;
    private final double[] squares;
    /** Sums of a sample times its distance from the middle of its step. */
    private final double[] slope;

    StepPower(float[] samples) {
        this.samples = samples.length;
        int steps = (samples.length + STEP - 1) / STEP;
        sum = new double[steps];
        squares = new double[steps];
        slope = new double[steps];
        for (int i = 0; i < steps; i++) {
            for (int n = i * STEP; n < i * STEP + length(i); n++) {
                sum[i] += samples[n];
                squares[i] += (double) samples[n] * samples[n];
                slope[i] += (n - middle(i)) * samples[n];
            }
        }
    }

    /** Mean square of each step and {@code reach} steps on either side; a last incomplete step counts as one. */
    double[] around(int reach) {
        double[] power = new double[sum.length];
        for (int i = 0; i < power.length; i++) {
            power[i] = power(Math.max(0, i - reach), Math.min(power.length, i + reach + 1));
        }
        return power;
    }

    private double power(int from, int to) {
        int first = from * STEP;
        int end = Math.min(samples, to * STEP);
        double count = end - first;
        double centre = (first + end - 1) / 2.0;
        double total = 0;
        double energy = 0;
        double tilt = 0;
        for (int i = from; i < to; i++) {
            total += sum[i];
            energy += squares[i];
            tilt += slope[i] + (middle(i) - centre) * sum[i];
        }
        double spread = count * (count * count - 1) / 12;
        double line = total * total / count + (spread > 0 ? tilt * tilt / spread : 0);
        return Math.max(0, energy - line) / count;
    }

    private int length(int step) {
        return Math.min(STEP, samples - step * STEP);
    }

    private double middle(int step) {
        return step * STEP + (length(step) - 1) / 2.0;
    }
}
