package io.glossa.storage.checkpoint;

import io.glossa.error.GlossaException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A dense tensor, row-major, as safetensors stores it. The data of one in a file that is not local are read each time they are
 * asked for.
 */
public final class Tensor {
    private static final int HALF_BITS = 16;

    private static final Map<String, Integer> ELEMENT_BYTES =
            Map.of("F32", 4, "F16", 2, "BF16", 2, "I64", 8, "I32", 4, "U8", 1);

    private final String dtype;
    private final long[] shape;
    private final Supplier<ByteBuffer> source;

    private Tensor(String dtype, long[] shape, Supplier<ByteBuffer> source) {
        this.dtype = dtype;
        this.shape = shape.clone();
        this.source = source;
    }

    /**
     * A tensor whose data are there.
     *
     * @param dtype F32, F16, BF16, I64, I32 or U8
     * @param shape extents, outermost first; empty for a scalar
     * @param data the elements from position to limit, little-endian; not copied
     * @throws GlossaException of type DATA if the data's length is not what dtype and shape say
     */
    public Tensor(String dtype, long[] shape, ByteBuffer data) {
        this(dtype, shape, fixed(data.slice()));
        if (data.remaining() != bytes()) {
            throw GlossaException.data("Cannot make a tensor " + dtype + Arrays.toString(shape) + ": found "
                    + data.remaining() + " bytes, expected " + bytes());
        }
    }

    private static Supplier<ByteBuffer> fixed(ByteBuffer data) {
        return () -> data;
    }

    /** A tensor whose data, as many as dtype and shape say, are made each time they are asked for. */
    public static Tensor lazy(String dtype, long[] shape, Supplier<ByteBuffer> source) {
        return new Tensor(dtype, shape, source);
    }

    /** An F32 tensor with a copy of these values. */
    public static Tensor of(float[] values, long... shape) {
        return of(values, "F32", ByteBuffer.allocate(values.length * Float.BYTES), shape);
    }

    /** A BF16 tensor of these values, of each the upper half. */
    public static Tensor bf16(float[] values, long... shape) {
        return of(values, "BF16", ByteBuffer.allocate(values.length * Short.BYTES), shape);
    }

    /**
     * A tensor of these values in a buffer, which is the tensor's from then on.
     *
     * @param dtype F32, or BF16 of each value's upper half
     */
    public static Tensor of(float[] values, String dtype, ByteBuffer buffer, long... shape) {
        ByteBuffer data = buffer.clear().order(ByteOrder.LITTLE_ENDIAN);
        if (dtype.equals("BF16")) {
            for (float value : values) {
                data.putShort((short) (Float.floatToRawIntBits(value) >>> HALF_BITS));
            }
            data.flip();
        } else {
            data.asFloatBuffer().put(values);
        }
        return new Tensor(dtype, shape, data);
    }

    /** A copy of an F32 or BF16 tensor's values. */
    public float[] floats() {
        if (dtype.equals("BF16")) {
            ByteBuffer halves = data();
            float[] values = new float[halves.remaining() / Short.BYTES];
            for (int i = 0; i < values.length; i++) {
                values[i] = Float.intBitsToFloat(halves.getShort() << HALF_BITS);
            }
            return values;
        }
        if (!dtype.equals("F32")) {
            throw GlossaException.data(
                    "Cannot read a tensor as floats: its dtype is " + dtype + ", expected F32 or BF16");
        }
        ByteBuffer data = data();
        float[] values = new float[data.remaining() / Float.BYTES];
        data.asFloatBuffer().get(values);
        return values;
    }

    public String dtype() {
        return dtype;
    }

    public long[] shape() {
        return shape.clone();
    }

    /** Its elements, with a position of their own; little-endian. */
    public ByteBuffer data() {
        return source.get().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The bytes of all its elements. */
    public long bytes() {
        return bytes(dtype, shape);
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
