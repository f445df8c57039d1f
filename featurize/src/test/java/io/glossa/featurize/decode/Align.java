package io.glossa.featurize.decode;

/** How alike two signals are when one may lag behind the other. */
public final class Align {
    private Align() {}

    /** The highest correlation over lags of up to {@code reach} samples either way, on the part that both have. */
    static double correlation(float[] a, float[] b, int reach) {
        double best = -1;
        for (int lag = -reach; lag <= reach; lag++) {
            best = Math.max(best, correlationAt(a, b, lag));
        }
        return best;
    }

    static double correlationAt(float[] a, float[] b, int lag) {
        int from = Math.max(0, -lag);
        int to = Math.min(a.length, b.length - lag);
        double ab = 0;
        double aa = 1e-12;
        double bb = 1e-12;
        for (int i = from; i < to; i++) {
            ab += (double) a[i] * b[i + lag];
            aa += (double) a[i] * a[i];
            bb += (double) b[i + lag] * b[i + lag];
        }
        return ab / Math.sqrt(aa * bb);
    }

    public static double rms(float[] samples) {
        double sum = 0;
        for (float sample : samples) {
            sum += (double) sample * sample;
        }
        return Math.sqrt(sum / Math.max(1, samples.length));
    }
}
