package io.glossa.featurize.mel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * {@code log(max(x, floor))} of many floats, to 1.5e-6 absolute for results in ±20.
 *
 * <p>The exponent comes from the bits, the rest from a minimax polynomial for log(1 + r), |error| ≤ 3.1e-7 on √½ ≤ 1 + r ≤
 * √2. Bits pass through off-heap buffers because copies there and back are cheap, while element-wise reinterpretation keeps
 * the JVM from vectorising the loops.
 */
final class LogBlock {
    private static final int BLOCK = 2048;
    private static final int SQRT_HALF = 0x3f3504f3;
    /** The bits of 1.5·2^23: added to a small integer they make a float of that value plus 1.5·2^23. */
    private static final int MAGIC_BITS = 0x4b400000;

    private static final float MAGIC = 12582912f;
    private static final float LN2 = 0.6931472f;

    private final int floorBits;
    private final FloatBuffer floats;
    private final IntBuffer ints;
    private final int[] bits = new int[BLOCK];
    private final int[] exponentBits = new int[BLOCK];
    private final float[] mantissas = new float[BLOCK];
    private final float[] exponents = new float[BLOCK];

    LogBlock(double floor) {
        floorBits = Float.floatToIntBits((float) floor);
        ByteBuffer bytes = ByteBuffer.allocateDirect(BLOCK * Float.BYTES).order(ByteOrder.nativeOrder());
        floats = bytes.asFloatBuffer();
        ints = bytes.asIntBuffer();
    }

    /** In place on {@code values[from … from + count − 1]}, each finite and not negative. */
    void log(float[] values, int from, int count) {
        for (int start = from; start < from + count; start += BLOCK) {
            int size = Math.min(BLOCK, from + count - start);
            floats.put(0, values, start, size);
            ints.get(0, bits, 0, size);
            split(bits, exponentBits, floorBits, size);
            ints.put(0, bits, 0, size);
            floats.get(0, mantissas, 0, size);
            ints.put(0, exponentBits, 0, size);
            floats.get(0, exponents, 0, size);
            combine(mantissas, exponents, size);
            System.arraycopy(mantissas, 0, values, start, size);
        }
    }

    private static void split(int[] bits, int[] exponents, int floor, int size) {
        for (int i = 0; i < size; i++) {
            int value = Math.max(bits[i], floor);
            int exponent = (value - SQRT_HALF) >> 23;
            exponents[i] = exponent + MAGIC_BITS;
            bits[i] = value - (exponent << 23);
        }
    }

    private static void combine(float[] mantissas, float[] exponents, int size) {
        for (int i = 0; i < size; i++) {
            float exponent = exponents[i] - MAGIC;
            float r = mantissas[i] - 1f;
            float r2 = r * r;
            float low = 1.0000066f - 0.50000244f * r;
            float mid = 0.3328364f - 0.24944262f * r;
            float high = 0.20938203f - 0.18409444f * r + 0.100174055f * r2;
            mantissas[i] = exponent * LN2 + r * (low + r2 * (mid + r2 * high));
        }
    }
}
