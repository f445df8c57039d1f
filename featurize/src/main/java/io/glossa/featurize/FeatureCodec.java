package io.glossa.featurize;

import io.glossa.error.GlossaException;

/**
 * Log-mel values as IEEE half floats, little-endian, in the order given: the {@code fp16} encoding of the table features.
 *
 * <p>Rounded to the nearest, ties to even. Log-mels lie between −11.6 and about 8, so a half float errs by at most 2^−8.
 */
public final class FeatureCodec {
    /** The name of this encoding in {@code features.encoding}. */
    public static final String FP16 = "fp16";

    private static final float[] VALUES = new float[1 << 16];

    static {
        for (int half = 0; half < VALUES.length; half++) {
            VALUES[half] = decode(half);
        }
    }

    private FeatureCodec() {}

    /** Two bytes for each value. */
    public static byte[] encode(float[] values) {
        byte[] bytes = new byte[2 * values.length];
        for (int i = 0; i < values.length; i++) {
            int half = encode(values[i]);
            bytes[2 * i] = (byte) half;
            bytes[2 * i + 1] = (byte) (half >> 8);
        }
        return bytes;
    }

    public static float[] decode(byte[] bytes) {
        float[] values = new float[bytes.length / 2];
        decode(bytes, 0, values, 0, values.length);
        return values;
    }

    /** {@code count} values from byte {@code from} on, to {@code into} from element {@code at} on. */
    public static void decode(byte[] bytes, int from, float[] into, int at, int count) {
        if (from < 0 || bytes.length - from < 2L * count) {
            throw GlossaException.data("Cannot decode " + count + " half floats: found " + (bytes.length - from)
                    + " bytes, expected " + 2L * count);
        }
        for (int i = 0; i < count; i++) {
            int half = bytes[from + 2 * i] & 0xff | (bytes[from + 2 * i + 1] & 0xff) << 8;
            into[at + i] = VALUES[half];
        }
    }

    private static int encode(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude >= 0x38800000 && magnitude < 0x477ff000) { // normal, and still so when rounded
            return sign | (magnitude - 0x38000000 + 0xfff + (magnitude >> 13 & 1)) >> 13;
        }
        if (magnitude > 0x7f800000) {
            return sign | 0x7e00;
        }
        if (magnitude >= 0x477ff000) {
            return sign | 0x7c00;
        }
        // A subnormal half is a multiple of 2^-24: adding 1.5 · 2^-1 puts its rounded count into the low bits.
        return sign | Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) + 0.75f) - 0x3f400000;
    }

    private static float decode(int half) {
        int sign = (half & 0x8000) << 16;
        int exponent = half >> 10 & 0x1f;
        int mantissa = half & 0x3ff;
        if (exponent == 0x1f) {
            return Float.intBitsToFloat(sign | 0x7f800000 | mantissa << 13);
        }
        if (exponent == 0) {
            return Math.copySign(mantissa * 0x1p-24f, sign < 0 ? -1f : 1f);
        }
        return Float.intBitsToFloat(sign | (exponent + 112) << 23 | mantissa << 13);
    }
}
