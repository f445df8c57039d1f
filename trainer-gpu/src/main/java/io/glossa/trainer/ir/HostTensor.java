package io.glossa.trainer.ir;

import io.glossa.error.GlossaException;
import java.util.Arrays;

/** A tensor in Java memory: float[] for F32, BF16 and F8 (rounded), int[] for I32 and BOOL (0 or 1), row-major. */
public record HostTensor(Type type, Object array) {
    public HostTensor {
        int length = array instanceof float[] f ? f.length : ((int[]) array).length;
        boolean right = type.dtype().isFloat() ? array instanceof float[] : array instanceof int[];
        if (!right || length != type.shape().size()) {
            throw GlossaException.internal("Cannot make tensor " + type + ": found "
                    + array.getClass().getSimpleName() + " of length " + length + ", expected "
                    + type.shape().size() + " elements");
        }
    }

    public static HostTensor of(float[] values, int... dims) {
        return new HostTensor(Type.f32(dims), values);
    }

    public static HostTensor of(int[] values, int... dims) {
        return new HostTensor(Type.i32(dims), values);
    }

    public static HostTensor scalar(float value) {
        return of(new float[] {value});
    }

    public static HostTensor scalar(int value) {
        return of(new int[] {value});
    }

    public static HostTensor zeros(Type type) {
        int size = Math.toIntExact(type.shape().size());
        return new HostTensor(type, type.dtype().isFloat() ? new float[size] : new int[size]);
    }

    /** The numbers of an F32 or BF16 tensor as either, rounded to the nearest; this very tensor if it is of the type. */
    public HostTensor as(DType dtype) {
        if (dtype == type.dtype()) {
            return this;
        }
        HostTensor out = zeros(new Type(dtype, type.shape()));
        for (int i = 0; i < out.floats().length; i++) {
            out.floats()[i] = dtype == DType.BF16 ? Bf16.nearest(floats()[i]) : floats()[i];
        }
        return out;
    }

    public float[] floats() {
        return (float[]) array;
    }

    public int[] ints() {
        return (int[]) array;
    }

    public double at(int index) {
        return array instanceof float[] f ? f[index] : ((int[]) array)[index];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HostTensor t && array == t.array && type.equals(t.type);
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(array);
    }

    @Override
    public String toString() {
        return type
                + (type.shape().size() <= 8
                        ? (array instanceof float[] f ? Arrays.toString(f) : Arrays.toString((int[]) array))
                        : "");
    }
}
