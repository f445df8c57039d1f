package io.glossa.trainer.objective;

/**
 * How many frames of a batch {@link SpanMask} masks, as a distribution: close to normal, with exact mean and variance.
 *
 * <p>A frame stays visible if none of {@code span} places starts a span, with probability q = (1 − start)^span; two frames
 * that are k &lt; span apart both do with probability (1 − start)^(span + k).
 *
 * @param mean masked frames
 * @param deviation its standard deviation
 */
record MaskedShare(double mean, double deviation) {
    /** Of the masked frames, how many may have no room on average: half of one in a thousand, as small batches are skewed. */
    private static final double MOST_DROPPED = 0.0005;

    private static final double HIGHEST = 40;
    private static final int BISECTIONS = 60;
    private static final int STEPS = 200;
    private static final double REACH = 8;

    /** Of a batch whose utterances fill it. */
    static MaskedShare of(int utterances, int frames, double start, int span) {
        double visible = Math.pow(1 - start, span);
        double variance = frames * visible * (1 - visible);
        for (int k = 1; k < Math.min(span, frames); k++) {
            variance += 2 * (frames - k) * visible * (Math.pow(1 - start, k) - visible);
        }
        return new MaskedShare(utterances * frames * (1 - visible), Math.sqrt(utterances * variance));
    }

    /** The fewest rows of which fewer than one in a thousand masked frames has none. */
    int rows() {
        double low = 0;
        double high = HIGHEST;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (low + high) / 2;
            if (deviation * excess(middle) > MOST_DROPPED * mean) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (int) Math.ceil(mean + high * deviation);
    }

    /** By how much a standard normal number exceeds z on average, ∫ (x − z) φ(x) dx from z on, by Simpson's rule. */
    private static double excess(double z) {
        double width = REACH / STEPS;
        double sum = 0;
        for (int i = 0; i <= STEPS; i++) {
            double above = i * width;
            int weight = i == 0 || i == STEPS ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * above * Math.exp(-(z + above) * (z + above) / 2);
        }
        return sum * width / 3 / Math.sqrt(2 * Math.PI);
    }
}
