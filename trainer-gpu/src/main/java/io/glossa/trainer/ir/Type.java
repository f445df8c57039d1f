package io.glossa.trainer.ir;

/** Element type and extents of a node's value. */
public record Type(DType dtype, Shape shape) {
    public static Type f32(int... dims) {
        return new Type(DType.F32, Shape.of(dims));
    }

    public static Type i32(int... dims) {
        return new Type(DType.I32, Shape.of(dims));
    }

    public long bytes() {
        return shape.size() * dtype.bytes();
    }

    @Override
    public String toString() {
        return dtype.name().toLowerCase(java.util.Locale.ROOT) + shape;
    }
}
