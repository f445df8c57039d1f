package io.glossa.trainer.ir;

/**
 * F8 numbers in Java, as floats: a sign, four bits of exponent, three of fraction, no infinity (E4M3 of Micikevicius et al.
 * 2022, "FP8 Formats for Deep Learning", table 1).
 */
public final class F8 {
    /** The largest. */
    public static final float MAX = 448;

    private static final int CUT_BITS = 20;
    private static final int CUT = (1 << CUT_BITS) - 1;
    private static final float SMALLEST_NORMAL = 1 / 64f;
    private static final float STEP_BELOW = 1 / 512f;

    private F8() {}

    /** The nearest number, ties to even; what is larger than the largest becomes the largest, with its sign. */
    public static float nearest(float x) {
        float size = Math.abs(x);
        if (Float.isNaN(x)) {
            return x;
        }
        if (size < SMALLEST_NORMAL) {
            return Math.copySign((float) Math.rint(size / STEP_BELOW) * STEP_BELOW, x);
        }
        int bits = Float.floatToRawIntBits(Math.min(size, MAX));
        int rounded = bits + CUT / 2 + (bits >>> CUT_BITS & 1) & ~CUT;
        return Math.copySign(Float.intBitsToFloat(rounded), x);
    }
}
