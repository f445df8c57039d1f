package io.glossa.trainer.runtime.cuda;

import io.glossa.error.GlossaException;
import io.glossa.trainer.emit.Emit;
import io.glossa.trainer.ir.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * A product of matrices in row-major memory as BLAS wants it, in column-major memory: the transposed result is computed as
 * product of the transposed operands, the second one first. In BLAS's words, result [m, n] = first [m, k] · second [k, n].
 *
 * @param biased whether a vector [m] of the result's type is added to each column
 * @param operands element type of both
 * @param type element type of the result
 * @param batches products in a call
 * @param calls where each call's matrices begin
 */
record ProductPlan(
        boolean biased,
        DType operands,
        DType type,
        long m,
        long n,
        long k,
        Layout first,
        Layout second,
        Layout result,
        long batches,
        List<Start> calls) {
    /**
     * A matrix in memory, all in elements.
     *
     * @param turned whether its rows, and not its columns, are contiguous
     * @param leading from one contiguous line to the next
     * @param batch from one matrix to the next
     */
    record Layout(boolean turned, long leading, long batch) {}

    /** Elements from where the operands and the result begin. */
    record Start(long first, long second, long result) {}

    /** A matrix and its batches as the compiler describes them, in elements. */
    private record Operand(DType type, long[] extents, long[] strides) {
        long extent(int fromEnd) {
            return extents[extents.length - fromEnd];
        }

        /** In column-major words: the last axis is that of rows. */
        Layout layout(long batch) {
            int last = extents.length - 1;
            long rows = extents[last];
            long columns = extents[last - 1];
            if (fits(last, last - 1)) {
                return new Layout(false, columns == 1 ? Math.max(1, rows) : strides[last - 1], batch);
            }
            if (fits(last - 1, last)) {
                return new Layout(true, rows == 1 ? Math.max(1, columns) : strides[last], batch);
            }
            throw GlossaException.internal("Cannot multiply a matrix of " + columns + " × " + rows + " with strides "
                    + strides[last - 1] + ", " + strides[last] + ": expected one of them to be 1 and lines apart");
        }

        private boolean fits(int inner, int outer) {
            return (strides[inner] == 1 || extents[inner] == 1)
                    && (extents[outer] == 1 || strides[outer] >= extents[inner]);
        }
    }

    /** @param description rank, then for a, b and the result: number of the type, extents and strides */
    static ProductPlan of(List<Long> description, boolean biased) {
        int rank = Math.toIntExact(description.get(0));
        List<Operand> operands = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int at = 1 + i * (1 + 2 * rank);
            operands.add(new Operand(
                    Emit.PRODUCT_TYPES.get(Math.toIntExact(description.get(at))),
                    numbers(description, at + 1, rank),
                    numbers(description, at + 1 + rank, rank)));
        }
        Operand a = operands.get(0);
        Operand b = operands.get(1);
        Operand c = operands.get(2);
        if (a.type() != b.type() || c.type() == DType.F8 || a.type() == DType.F32 && c.type() != DType.F32) {
            throw GlossaException.internal("Cannot multiply " + description
                    + ": expected operands of one type, and a result of F32 or, of narrower ones, BF16");
        }
        List<Axis> axes = Axis.merged(a.strides(), b.strides(), c.strides(), c.extents(), rank - 2);
        Axis together =
                axes.stream().reduce((x, y) -> y.extent() > x.extent() ? y : x).orElse(new Axis(1, 0, 0, 0));
        List<Start> calls = List.of(new Start(0, 0, 0));
        for (Axis axis : axes) {
            calls = axis == together ? calls : axis.repeated(calls);
        }
        return new ProductPlan(
                biased,
                a.type(),
                c.type(),
                c.extent(1),
                c.extent(2),
                a.extent(1),
                b.layout(together.b()),
                a.layout(together.a()),
                c.layout(together.c()),
                together.extent(),
                calls);
    }

    private static long[] numbers(List<Long> description, int from, int count) {
        return description.subList(from, from + count).stream()
                .mapToLong(Long::longValue)
                .toArray();
    }

    /** A batch axis: its extent, and its strides in the operands and the result. */
    private record Axis(long extent, long a, long b, long c) {
        /** The batch axes; those that lie in memory like one are one. */
        static List<Axis> merged(long[] a, long[] b, long[] c, long[] extents, int count) {
            List<Axis> merged = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                if (extents[i] == 1) {
                    continue;
                }
                Axis axis = new Axis(extents[i], a[i], b[i], c[i]);
                int last = merged.size() - 1;
                if (last >= 0 && merged.get(last).continues(axis)) {
                    axis = new Axis(merged.remove(last).extent() * axis.extent, axis.a, axis.b, axis.c);
                }
                merged.add(axis);
            }
            return merged;
        }

        private boolean continues(Axis inner) {
            return a == inner.a * inner.extent && b == inner.b * inner.extent && c == inner.c * inner.extent;
        }

        List<Start> repeated(List<Start> starts) {
            List<Start> all = new ArrayList<>();
            for (Start start : starts) {
                for (long i = 0; i < extent; i++) {
                    all.add(new Start(start.first + i * b, start.second + i * a, start.result + i * c));
                }
            }
            return all;
        }
    }
}
