package io.glossa.trainer.fuse;

/**
 * What fusion must know of a machine.
 *
 * @param operationsPerByte additions that take as long as a byte of memory traffic; a value that costs less is computed in
 *     every kernel that needs it, where it comes from a single other value. 0: only the cheapest are
 * @param longestLine columns up to which a kernel over rows can add up columns on the way; 0: it cannot
 * @param mostValues about how many values in memory a kernel may deal with
 * @param mostOperations on an element up to which loops are joined for the sake of what they read
 * @param rowsApart whether hand-written kernels take what {@link io.glossa.trainer.ir.Composite#readsRowsApart} where it lies
 */
public record Hardware(int operationsPerByte, int longestLine, int mostValues, int mostOperations, boolean rowsApart) {
    /** Cores with vectors, which meet memory traffic with large caches. */
    public static final Hardware PROCESSOR = new Hardware(0, 0, Integer.MAX_VALUE, Integer.MAX_VALUE, false);

    /** An H200 in single precision, half of its peak: 34 TFLOP/s against 4.8 TB/s. */
    public static final Hardware GPU = new Hardware(7, 8192, 48, 64, true);
}
