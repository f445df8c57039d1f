package io.glossa.trainer.ir;

/** BF16 numbers in Java: floats whose lower half is zero. */
public final class Bf16 {
    private static final int UPPER = 0xffff0000;
    private static final int INFINITY = 0x7f800000;

    private Bf16() {}

    /** The nearest number with 8 significant bits, ties to even. */
    public static float nearest(float x) {
        int bits = Float.floatToRawIntBits(x);
        return Float.isNaN(x) ? x : Float.intBitsToFloat((bits + 0x7fff + (bits >>> 16 & 1)) & UPPER);
    }

    /**
     * One of the two numbers around x: the one away from zero with the probability of what is cut off, so that the mean of
     * many is x. What is finite stays finite.
     *
     * @param uniform in [0, 1), of which 16 bits count
     */
    public static float random(float x, float uniform) {
        int bits = Float.floatToRawIntBits(x);
        int size = bits & Integer.MAX_VALUE;
        int raised = size + (int) (uniform * 65536);
        // Past infinity the sum may be negative: as unsigned numbers they compare right.
        int kept = Integer.compareUnsigned(raised, INFINITY) >= 0 ? size : raised;
        return Float.intBitsToFloat((bits ^ size | kept) & UPPER);
    }

    /** The half of a rounded number that is stored. */
    public static short half(float rounded) {
        return (short) (Float.floatToRawIntBits(rounded) >>> 16);
    }

    public static float of(short half) {
        return Float.intBitsToFloat(half << 16);
    }
}
