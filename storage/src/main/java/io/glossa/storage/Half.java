package io.glossa.storage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** IEEE 754 half precision, in which features are kept: 11 bits of precision, little-endian. */
public final class Half {
    private Half() {}

    /** Rounds to the nearest half, ties to even; what is too large becomes infinite. */
    public static byte[] encode(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putShort(fromFloat(value));
        }
        return bytes.array();
    }

    /** The values of all halves that remain in the buffer, whose position stays. */
    public static float[] decode(ByteBuffer halves) {
        ByteBuffer bytes = halves.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = toFloat(bytes.getShort());
        }
        return values;
    }

    static short fromFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude >= 0x47800000) {
            int payload = magnitude > 0x7f800000 ? 0x200 : 0;
            return (short) (sign | 0x7c00 | payload);
        }
        if (magnitude < 0x38800000) {
            // Subnormal: the float adder rounds at the right bit.
            float shifted = Math.abs(value) + 0.5f;
            return (short) (sign | Float.floatToRawIntBits(shifted) - 0x3f000000);
        }
        int odd = magnitude >>> 13 & 1;
        return (short) (sign | magnitude - 0x38000000 + 0xfff + odd >>> 13);
    }

    static float toFloat(short half) {
        int magnitude = half & 0x7fff;
        int sign = (half & 0x8000) << 16;
        if (magnitude >= 0x7c00) {
            return Float.intBitsToFloat(sign | 0x7f800000 | (magnitude & 0x3ff) << 13);
        }
        if (magnitude < 0x400) {
            float value = magnitude * 0x1p-24f;
            return sign == 0 ? value : -value;
        }
        return Float.intBitsToFloat(sign | (magnitude << 13) + 0x38000000);
    }
}
