package io.glossa.trainer.ir;

import java.util.Arrays;
import java.util.List;

/** What a node says beside its inputs: one record per family of primitives. */
public sealed interface Attr {
    Attr NONE = new None();

    record None() implements Attr {}

    /** A named input and the part it plays. */
    record Input(String name, Role role) implements Attr {}

    record Number(double value, DType dtype) implements Attr {}

    /** A fixed tensor; equal when the very same array. */
    record Data(String name, HostTensor value) implements Attr {}

    record Axis(int axis) implements Attr {}

    record Axes(List<Integer> axes) implements Attr {}

    record Target(Shape shape) implements Attr {}

    record Cast(DType dtype) implements Attr {}

    /** SLICE: first and past-the-last index per axis. PAD: zeros before and after per axis. */
    record Bounds(List<Integer> low, List<Integer> high) implements Attr {}

    /** MATMUL: the element type of the result, F32 unless stated; sums are always F32. */
    record Result(DType dtype) implements Attr {}

    record Random(int purpose, Shape shape) implements Attr {}

    record Shear(int offset, int sign, int columns) implements Attr {}

    /**
     * Stride and symmetric padding; the target is the result's shape where the inputs do not tell it. The result's element
     * type is F32 unless stated; sums are always F32.
     */
    record Conv(int stride, int padding, Shape target, DType result) implements Attr {
        public Conv(int stride, int padding, Shape target) {
            this(stride, padding, target, DType.F32);
        }

        /** Extent of the result along an axis of the image. */
        public int extent(int image, int kernel) {
            return (image + 2 * padding - kernel) / stride + 1;
        }
    }

    /** ALL_REDUCE of a value that every part of a batch adds to, by its own name. */
    record Sum(String name) implements Attr {}

    /** SHARD, REDUCE_SCATTER, ALL_GATHER: which rank's segment of how many. */
    record Segment(int index, int count) implements Attr {
        /** A line of a cache, so that what is read of a segment is aligned. */
        private static final int SMALL = 16;

        /** A row of a segment that kernels pass over row by row. */
        private static final int ROW = 256;

        /** Elements of a segment of so many, the last ones of which may be zeros behind the end. */
        public int of(long elements) {
            long even = (elements + count - 1) / count;
            int unit = even < SMALL * ROW ? SMALL : ROW;
            return Math.toIntExact((even + unit - 1) / unit * unit);
        }

        /**
         * This rank's segment of these elements, with zeros behind their end.
         *
         * @param type of the segment
         */
        public HostTensor of(float[] whole, Type type) {
            int size = Math.toIntExact(type.shape().size());
            int from = Math.min(whole.length, size * index);
            int to = Math.min(whole.length, from + size);
            float[] values = Arrays.copyOf(Arrays.copyOfRange(whole, from, to), size);
            return HostTensor.of(values, type.shape().dims()).as(type.dtype());
        }
    }

    /** SCATTER_ADD: extent of the first axis of the result. */
    record Rows(int rows) implements Attr {}

    record Call(Composite composite) implements Attr {}

    /** The part an input plays in a program. */
    enum Role {
        /** Of the model; where it is trained it has a gradient and an update. */
        PARAMETER,
        /** Carried from step to step: optimizer moments. */
        STATE,
        /** Added up over the parts of a step; zero between steps. */
        SUM,
        /** Fixed for the model's life, saved with it: projections, codebooks, feature statistics. */
        BUFFER,
        /** New at each call. */
        BATCH
    }
}
