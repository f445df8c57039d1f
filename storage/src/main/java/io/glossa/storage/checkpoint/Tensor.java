package io.glossa.storage.checkpoint;

import io.glossa.error.GlossaException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;

/**
 * A dense tensor, row-major, as safetensors stores it.
 *
 * @param dtype F32, F16, BF16, I64, I32 or U8
 * @param shape extents, outermost first; empty for a scalar
 * @param data the elements from position to limit, little-endian; not copied
 */
public record Tensor(String dtype, long[] shape, ByteBuffer data) {
    private static final int HALF_BITS = 16;

    private static final Map<String, Integer> ELEMENT_BYTES =
            Map.of("F32", 4, "F16", 2, "BF16", 2, "I64", 8, "I32", 4, "U8", 1);

    /** @throws GlossaException of type DATA if the data's length is not what dtype and shape say */
    public Tensor {
        shape = shape.clone();
        data = data.slice().order(ByteOrder.LITTLE_ENDIAN);
        long bytes = bytes(dtype, shape);
        if (data.remaining() != bytes) {
            throw GlossaException.data("Cannot make a tensor " + dtype + Arrays.toString(shape) + ": found "
                    + data.remaining() + " bytes, expected " + bytes);
        }
    }

    /** An F32 tensor with a copy of these values. */
    public static Tensor of(float[] values, long... shape) {
        ByteBuffer data = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return new Tensor("F32", shape, data);
    }

    /** A BF16 tensor of these values, of each the upper half. */
    public static Tensor bf16(float[] values, long... shape) {
        ByteBuffer data = ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            data.putShort((short) (Float.floatToRawIntBits(value) >>> HALF_BITS));
        }
        return new Tensor("BF16", shape, data.flip());
    }

    /** A copy of an F32 or BF16 tensor's values. */
    public float[] floats() {
        if (dtype.equals("BF16")) {
            ByteBuffer halves = data();
            float[] values = new float[data.remaining() / Short.BYTES];
            for (int i = 0; i < values.length; i++) {
                values[i] = Float.intBitsToFloat(halves.getShort() << HALF_BITS);
            }
            return values;
        }
        if (!dtype.equals("F32")) {
            throw GlossaException.data(
                    "Cannot read a tensor as floats: its dtype is " + dtype + ", expected F32 or BF16");
        }
        float[] values = new float[data.remaining() / Float.BYTES];
        data().asFloatBuffer().get(values);
        return values;
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    /** A view of the elements with its own position; little-endian. */
    @Override
    public ByteBuffer data() {
        return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The bytes of one element. */
    static int elementBytes(String dtype) {
        Integer bytes = ELEMENT_BYTES.get(dtype);
        if (bytes == null) {
            throw GlossaException.data("Cannot use a tensor of dtype " + dtype + ", expected one of "
                    + ELEMENT_BYTES.keySet().stream().sorted().toList());
        }
        return bytes;
    }

    /** The bytes of a tensor of this dtype and shape. */
    static long bytes(String dtype, long[] shape) {
        try {
            long bytes = elementBytes(dtype);
            for (long extent : shape) {
                if (extent < 0) {
                    throw GlossaException.data(
                            "Cannot use a tensor of shape " + Arrays.toString(shape) + ", expected no negative extent");
                }
                bytes = Math.multiplyExact(bytes, extent);
            }
            return bytes;
        } catch (ArithmeticException e) {
            throw GlossaException.data(
                            "Cannot use a tensor of shape " + Arrays.toString(shape) + ": its size overflows 64 bits")
                    .causedBy(e);
        }
    }
}
