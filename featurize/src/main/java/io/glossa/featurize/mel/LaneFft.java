package io.glossa.featurize.mel;

/**
 * FFT of 1024 points on 128 real frames at once, in double precision, one half of the frequencies (the even or the odd bins)
 * at a time.
 *
 * <p>A row holds one point of all frames: frame f is the real part of lane f for f &lt; 64, and the imaginary part of lane
 * f − 64 otherwise, so that one complex transform serves two real frames. Only the first 512 points are given; the rest are
 * zero. Radix 4, decimation in frequency, in place; the result lies in base-4 digit-reversed order.
 *
 * <p>Double precision, because speech that came through a telephone has bins 100 dB below the loudest ones, where single
 * precision errs by 1 %. Half of the bins at a time, because the rows of one half (0.5 MB) stay in a core's cache. Lanes and
 * short straight loops, because the compiler of the JVM turns exactly these into vector instructions: at most eight loads
 * and eight stores a loop, imaginary parts at a constant distance from the real ones.
 */
final class LaneFft {
    static final int SIZE = 1024;
    /** Points that may be other than zero. */
    static final int INPUTS = 512;
    /** Real frames transformed at once. */
    static final int LANES = 128;
    /** Elements to allocate for a row: LANES and what makes rows of equal alignment follow each other in memory. */
    static final int ROW = LANES + 6;

    private static final int HALF = LANES / 2;
    private static final int QUARTER = SIZE / 4;
    private static final double[] COS = new double[SIZE];
    private static final double[] SIN = new double[SIZE];
    /** The row of bin k: bins 0 and 1 mod 4 lie in the first 256 rows of their half, 2 and 3 in the others. */
    private static final int[] PLACE = new int[SIZE];

    static {
        for (int k = 0; k < SIZE; k++) {
            COS[k] = Math.cos(-2 * Math.PI * k / SIZE);
            SIN[k] = Math.sin(-2 * Math.PI * k / SIZE);
            PLACE[k] = (k >> 1 & 1) << 8 | (k >> 2 & 3) << 6 | (k >> 4 & 3) << 4 | (k >> 6 & 3) << 2 | k >> 8;
        }
    }

    private final double[][] rows = new double[2 * QUARTER][ROW];

    /**
     * The first pass towards the even bins: points n and n + 256, each weighted, 0 ≤ n &lt; 256.
     *
     * @param low LANES elements, point n of each frame
     * @param high point n + 256
     */
    void enterEven(int n, double[] low, double lowWeight, double[] high, double highWeight) {
        enterEven(low, high, lowWeight, highWeight, rows[n], rows[n + QUARTER], COS[2 * n], SIN[2 * n]);
    }

    /** The first pass towards the odd bins, likewise. */
    void enterOdd(int n, double[] low, double lowWeight, double[] high, double highWeight) {
        enterOdd(low, high, lowWeight, highWeight, rows[n], rows[n + QUARTER], COS[n], SIN[n], COS[3 * n], SIN[3 * n]);
    }

    /** The passes after the first; call once all 256 pairs have entered. */
    void transform() {
        for (int quarter = 0; quarter < 2 * QUARTER; quarter += QUARTER) {
            for (int column = 0; column < 16; column++) {
                for (int p = column; p < 64; p += 16) {
                    butterfly(quarter + p, 64, 4 * p);
                }
                for (int block = quarter + column; block < quarter + QUARTER; block += 64) {
                    butterfly(block, 16, 16 * column);
                }
            }
            for (int block = quarter; block < quarter + QUARTER; block += 16) {
                for (int p = 0; p < 4; p++) {
                    butterfly(block + p, 4, 64 * p);
                }
                for (int i = block; i < block + 16; i += 4) {
                    butterfly(rows[i], rows[i + 1], rows[i + 2], rows[i + 3]);
                }
            }
        }
    }

    /** Four times the squared magnitude of bin k of each frame, 0 &lt; k &lt; 512, k of the half that entered last. */
    void power(int k, double[] into) {
        power(rows[PLACE[k]], rows[PLACE[SIZE - k]], into);
    }

    private void butterfly(int row, int stride, int twiddle) {
        double[] a = rows[row];
        double[] b = rows[row + stride];
        double[] c = rows[row + 2 * stride];
        double[] d = rows[row + 3 * stride];
        if (twiddle == 0) {
            butterfly(a, b, c, d);
        } else {
            butterfly(a, b, c, d, COS[twiddle], SIN[twiddle]);
            turn(c, d, COS[2 * twiddle], SIN[2 * twiddle], COS[3 * twiddle], SIN[3 * twiddle]);
        }
    }

    /** r0 = x + u, r2 = (x − u)·w for complex x (weighted low) and u (weighted high). */
    private static void enterEven(
            double[] low, double[] high, double lw, double hw, double[] r0, double[] r2, double wr, double wi) {
        for (int i = 0; i < HALF; i++) {
            double x = low[i] * lw;
            double y = low[i + HALF] * lw;
            double u = high[i] * hw;
            double v = high[i + HALF] * hw;
            double s = x - u;
            double t = y - v;
            r0[i] = x + u;
            r0[i + HALF] = y + v;
            r2[i] = s * wr - t * wi;
            r2[i + HALF] = s * wi + t * wr;
        }
    }

    /** r1 = (x − iu)·w, r3 = (x + iu)·z. */
    private static void enterOdd(
            double[] low,
            double[] high,
            double lw,
            double hw,
            double[] r1,
            double[] r3,
            double wr,
            double wi,
            double zr,
            double zi) {
        for (int i = 0; i < HALF; i++) {
            double x = low[i] * lw;
            double y = low[i + HALF] * lw;
            double u = high[i] * hw;
            double v = high[i + HALF] * hw;
            double s = x + v;
            double t = y - u;
            double p = x - v;
            double q = y + u;
            r1[i] = s * wr - t * wi;
            r1[i + HALF] = s * wi + t * wr;
            r3[i] = p * zr - q * zi;
            r3[i + HALF] = p * zi + q * zr;
        }
    }

    private static void butterfly(double[] r0, double[] r1, double[] r2, double[] r3) {
        for (int i = 0; i < HALF; i++) {
            double ar = r0[i] + r2[i];
            double ai = r0[i + HALF] + r2[i + HALF];
            double br = r0[i] - r2[i];
            double bi = r0[i + HALF] - r2[i + HALF];
            double cr = r1[i] + r3[i];
            double ci = r1[i + HALF] + r3[i + HALF];
            double dr = r1[i] - r3[i];
            double di = r1[i + HALF] - r3[i + HALF];
            r0[i] = ar + cr;
            r0[i + HALF] = ai + ci;
            r1[i] = br + di;
            r1[i + HALF] = bi - dr;
            r2[i] = ar - cr;
            r2[i + HALF] = ai - ci;
            r3[i] = br - di;
            r3[i + HALF] = bi + dr;
        }
    }

    /** The same with the result of row 1 turned by (wr, wi); turning rows 2 and 3 here too would be too much for one loop. */
    private static void butterfly(double[] r0, double[] r1, double[] r2, double[] r3, double wr, double wi) {
        for (int i = 0; i < HALF; i++) {
            double ar = r0[i] + r2[i];
            double ai = r0[i + HALF] + r2[i + HALF];
            double br = r0[i] - r2[i];
            double bi = r0[i + HALF] - r2[i + HALF];
            double cr = r1[i] + r3[i];
            double ci = r1[i + HALF] + r3[i + HALF];
            double dr = r1[i] - r3[i];
            double di = r1[i + HALF] - r3[i + HALF];
            double u = br + di;
            double v = bi - dr;
            r0[i] = ar + cr;
            r0[i + HALF] = ai + ci;
            r1[i] = u * wr - v * wi;
            r1[i + HALF] = u * wi + v * wr;
            r2[i] = ar - cr;
            r2[i + HALF] = ai - ci;
            r3[i] = br - di;
            r3[i + HALF] = bi + dr;
        }
    }

    private static void turn(double[] row, double[] other, double wr, double wi, double vr, double vi) {
        for (int i = 0; i < HALF; i++) {
            double re = row[i];
            double im = row[i + HALF];
            double s = other[i];
            double t = other[i + HALF];
            row[i] = re * wr - im * wi;
            row[i + HALF] = re * wi + im * wr;
            other[i] = s * vr - t * vi;
            other[i + HALF] = s * vi + t * vr;
        }
    }

    /** Of z = Z[k] and y = Z[N − k]: |z + conj(y)|² belongs to the real parts' frames, |z − conj(y)|² to the others. */
    private static void power(double[] z, double[] y, double[] into) {
        for (int i = 0; i < HALF; i++) {
            double zr = z[i];
            double zi = z[i + HALF];
            double yr = y[i];
            double yi = y[i + HALF];
            double s = zr + yr;
            double t = zi - yi;
            double u = zr - yr;
            double v = zi + yi;
            into[i] = s * s + t * t;
            into[i + HALF] = u * u + v * v;
        }
    }
}
