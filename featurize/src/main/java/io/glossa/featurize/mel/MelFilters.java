package io.glossa.featurize.mel;

/**
 * Triangular HTK mel filters of peak 1, stored by frequency bin: a bin lies on the rising side of at most one filter and on
 * the falling side of the one before.
 */
final class MelFilters {
    /** Bins {@code first … last} are those that any filter sees. */
    final int first;

    final int last;
    /** {@code rising[k]}: the filter whose rising side holds bin k, or {@code mels} if only the last one's fall does. */
    final int[] rising;

    final float[] riseWeight;
    final float[] fallWeight;

    MelFilters(FrontEndConfig config) {
        double[] edges = edges(config);
        int bins = config.fftSize() / 2 + 1;
        rising = new int[bins];
        riseWeight = new float[bins];
        fallWeight = new float[bins];
        int firstBin = bins;
        int lastBin = -1;
        for (int k = 0; k < bins; k++) {
            double hz = (double) k * config.sampleRate() / config.fftSize();
            int filter = 0;
            while (filter <= config.mels() && hz >= edges[filter + 1]) {
                filter++;
            }
            if (hz < edges[0] || filter > config.mels()) {
                continue;
            }
            double width = edges[filter + 1] - edges[filter];
            rising[k] = filter;
            riseWeight[k] = filter < config.mels() ? (float) ((hz - edges[filter]) / width) : 0;
            fallWeight[k] = filter > 0 ? (float) ((edges[filter + 1] - hz) / width) : 0;
            firstBin = Math.min(firstBin, k);
            lastBin = k;
        }
        first = firstBin;
        last = lastBin;
    }

    /** {@code mels + 2} frequencies in Hz, equally spaced in mel: filter m rises from m to m + 1 and falls to m + 2. */
    private static double[] edges(FrontEndConfig config) {
        double low = mel(config.lowHz());
        double high = mel(config.highHz());
        double[] edges = new double[config.mels() + 2];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = hertz(low + (high - low) * i / (edges.length - 1));
        }
        return edges;
    }

    private static double mel(double hertz) {
        return 2595 * Math.log10(1 + hertz / 700);
    }

    private static double hertz(double mel) {
        return 700 * (Math.pow(10, mel / 2595) - 1);
    }
}
