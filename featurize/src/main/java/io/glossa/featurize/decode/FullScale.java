package io.glossa.featurize.decode;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tells what full scale a file's float samples have, and makes it ±1.
 *
 * <p>By rights it is 1, and peaks to 2 are headroom that stays as it is. Some programs store integers as floats, whose full
 * scale is that of 16, 24 or 32 bits. So, of the samples that are not 0 and but for a thousandth of them:
 *
 * <ul>
 *   <li>all within ±2: full scale is 1;
 *   <li>some beyond ±64, which is 36 dB over full scale and no mix of floats: full scale is the least of 2^15, 2^23 and 2^31
 *       that holds them;
 *   <li>else, or if 2^31 does not hold them, nothing plain can be said and the file is refused.
 * </ul>
 *
 * <p>The thousandth is clipped. Samples that are no numbers, or beyond ±2^32, become 0; more than a hundredth of them, and
 * the file is refused. Integers, whose full scale the decoder knows, pass all this unchanged.
 */
final class FullScale {
    /** Headroom, what no mix reaches, and the full scales of integers. */
    private static final float[] BOUNDS = {2, 64, 0x1p15f, 0x1p23f, 0x1p31f};

    private static final int FIRST_OF_INTEGERS = 2;
    private static final float MOST = 0x1p32f;

    private static final double FEW_BEYOND = 1e-3;
    private static final double FEW_BROKEN = 1e-2;

    private final long[] beyond = new long[BOUNDS.length];
    private long samples;
    private long zeros;
    private long broken;
    private float peak;

    /** Looks at the first {@code count} samples of each channel; those that are broken become 0. */
    void take(float[][] channels, int count) {
        for (float[] channel : channels) {
            for (int i = 0; i < count; i++) {
                float size = Math.abs(channel[i]);
                if (size == 0) {
                    zeros++;
                } else if (!(size <= MOST)) {
                    channel[i] = 0;
                    broken++;
                } else if (size > BOUNDS[0]) {
                    count(size);
                }
            }
            samples += count;
        }
    }

    private void count(float size) {
        peak = Math.max(peak, size);
        for (int i = 0; i < BOUNDS.length && size > BOUNDS[i]; i++) {
            beyond[i]++;
        }
    }

    /**
     * Brings to full scale ±1 what was made of the samples looked at.
     *
     * @return what was mended, one line each
     * @throws Refusal {@link RejectCode#BAD_SAMPLES}
     */
    List<String> settle(SampleBuffer made) throws Refusal {
        if (broken > FEW_BROKEN * samples) {
            throw new Refusal(RejectCode.BAD_SAMPLES, broken + " of " + samples + " samples are no numbers");
        }
        List<String> mended = new ArrayList<>();
        if (broken > 0) {
            mended.add(broken + " of " + samples + " samples were no numbers: set to 0");
        }
        int bound = bound();
        float full = bound == 0 ? 1 : BOUNDS[bound];
        if (full > 1) {
            mended.add(
                    String.format(Locale.ROOT, "integers stored as floats, up to %.0f: divided by %.0f", peak, full));
        }
        if (beyond[bound] > 0) {
            mended.add(String.format(
                    Locale.ROOT, "%d samples beyond %.0f, up to %.4g: clipped", beyond[bound], BOUNDS[bound], peak));
        }
        if (peak > 0) {
            made.scale(1 / full, BOUNDS[bound] / full);
        }
        return mended;
    }

    /** Which of the bounds holds the samples. */
    private int bound() throws Refusal {
        if (few(beyond[0])) {
            return 0;
        }
        for (int i = FIRST_OF_INTEGERS; i < BOUNDS.length && !few(beyond[1]); i++) {
            if (few(beyond[i])) {
                return i;
            }
        }
        throw new Refusal(
                RejectCode.BAD_SAMPLES,
                String.format(
                        Locale.ROOT,
                        "%d of %d samples are beyond ±2, up to %.4g: neither floats of full scale 1 nor integers",
                        beyond[0],
                        samples,
                        peak));
    }

    private boolean few(long count) {
        return count <= FEW_BEYOND * (samples - zeros - broken);
    }
}
