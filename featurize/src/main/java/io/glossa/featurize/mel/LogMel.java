package io.glossa.featurize.mel;

import java.util.Arrays;

/**
 * Log-mel frames of 16 kHz mono samples, as {@link FrontEndConfig} defines them.
 *
 * <p>Within 1e-5 of a computation in double precision throughout. An instance owns about 1.5 MB of scratch memory and
 * belongs to one thread at a time.
 */
public final class LogMel {
    private static final int LANES = LaneFft.LANES;
    private static final int HALF = LaneFft.INPUTS / 2;

    private final FrontEndConfig config;
    private final MelFilters filters;
    private final double[] window = new double[LaneFft.INPUTS];
    private final LaneFft fft = new LaneFft();
    private final LogBlock logarithm;
    /** {@code phases[r][j]} is sample {@code hop·(t + j) + r} of a batch that begins at frame t. */
    private final double[][] phases;

    private final float[] batch;

    private final double[] low = new double[LaneFft.ROW];
    private final double[] high = new double[LaneFft.ROW];
    private final double[] previous = new double[LaneFft.ROW];
    private final float[] power = new float[LANES];
    /** Row m + 1 sums filter m; the first and the last row take what no filter wants. */
    private final float[][] mels;

    private LogMel(FrontEndConfig config) {
        this.config = config;
        filters = new MelFilters(config);
        logarithm = new LogBlock(config.floor());
        int columns = LANES + (LaneFft.INPUTS - 1) / config.hop();
        phases = new double[(config.hop() + 3) / 4 * 4][columns];
        batch = new float[columns * config.hop() + 3];
        mels = new float[config.mels() + 2][LANES];
        for (int n = 0; n < config.frameLength(); n++) {
            window[n] = 0.5 - 0.5 * Math.cos(2 * Math.PI * n / config.frameLength());
        }
    }

    public static LogMel of(FrontEndConfig config) {
        return new LogMel(config);
    }

    public FrontEndConfig config() {
        return config;
    }

    /** Frames of a recording of so many samples; 0 if it is shorter than a frame. */
    public int frames(int samples) {
        return config.frames(samples);
    }

    /**
     * @param samples at the config's rate, full scale ±1, finite
     * @return frame-major, {@code frames(samples.length) × mels}
     */
    public float[] compute(float[] samples) {
        int frames = frames(samples.length);
        float[] logMels = new float[frames * config.mels()];
        for (int frame = 0; frame < frames; frame += LANES) {
            int count = Math.min(LANES, frames - frame);
            deal(samples, frame * config.hop());
            for (float[] mel : mels) {
                Arrays.fill(mel, 0);
            }
            evenBins();
            oddBins();
            int from = frame * config.mels();
            interleave(logMels, from, count);
            logarithm.log(logMels, from, count * config.mels());
        }
        return logMels;
    }

    private void evenBins() {
        for (int n = 0; n < HALF; n++) {
            point(n, low);
            point(n + HALF, high);
            fft.enterEven(n, low, window[n], high, window[n + HALF]);
        }
        fft.transform();
        addBins(Math.max(2, filters.first + filters.first % 2));
    }

    private void oddBins() {
        for (int n = 0; n < HALF; n++) {
            point(n, low);
            point(n + HALF, high);
            fft.enterOdd(n, low, window[n], high, window[n + HALF]);
        }
        fft.transform();
        addBins(filters.first | 1);
    }

    /** Bins {@code first}, {@code first} + 2, … to the filters they belong to. */
    private void addBins(int first) {
        for (int k = first; k <= Math.min(filters.last, LaneFft.SIZE / 2 - 1); k += 2) {
            fft.power(k, low);
            narrow(low, power);
            int filter = filters.rising[k];
            addMagnitudes(power, filters.riseWeight[k] / 2, mels[filter + 1], filters.fallWeight[k] / 2, mels[filter]);
        }
    }

    /** Samples from {@code from} on to their phases, zeros after the last. */
    private void deal(float[] samples, int from) {
        int there = Math.min(batch.length, samples.length - from);
        System.arraycopy(samples, from, batch, 0, there);
        Arrays.fill(batch, there, batch.length, 0);
        int hop = config.hop();
        for (int r = 0; r < hop; r += 4) {
            double[] a = phases[r];
            double[] b = phases[r + 1];
            double[] c = phases[r + 2];
            double[] d = phases[r + 3];
            for (int j = 0, at = r; j < a.length; j++, at += hop) {
                a[j] = batch[at];
                b[j] = batch[at + 1];
                c[j] = batch[at + 2];
                d[j] = batch[at + 3];
            }
        }
    }

    /** Sample n of each frame of the batch, before the window. */
    private void point(int n, double[] into) {
        int hop = config.hop();
        System.arraycopy(phases[n % hop], n / hop, into, 0, LANES);
        if (config.preEmphasis() != 0) {
            int before = Math.max(0, n - 1);
            System.arraycopy(phases[before % hop], before / hop, previous, 0, LANES);
            for (int i = 0; i < LANES; i++) {
                into[i] -= config.preEmphasis() * previous[i];
            }
        }
    }

    private static void narrow(double[] from, float[] to) {
        for (int i = 0; i < LANES; i++) {
            to[i] = (float) from[i];
        }
    }

    private static void addMagnitudes(
            float[] power, float riseWeight, float[] rising, float fallWeight, float[] falling) {
        for (int i = 0; i < LANES; i++) {
            float magnitude = (float) Math.sqrt(power[i]);
            rising[i] += magnitude * riseWeight;
            falling[i] += magnitude * fallWeight;
        }
    }

    private void interleave(float[] into, int from, int count) {
        int width = config.mels();
        for (int m = 0; m < width; m += 4) {
            float[] a = mels[m + 1];
            float[] b = mels[m + 2];
            float[] c = mels[m + 3];
            float[] d = mels[m + 4];
            for (int i = 0, at = from + m; i < count; i++, at += width) {
                into[at] = a[i];
                into[at + 1] = b[i];
                into[at + 2] = c[i];
                into[at + 3] = d[i];
            }
        }
    }
}
