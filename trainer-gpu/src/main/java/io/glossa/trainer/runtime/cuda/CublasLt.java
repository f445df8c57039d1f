package io.glossa.trainer.runtime.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** NVIDIA's library of matrix products, called for products with sums in true F32, but for those of F8 that are to be fast. */
final class CublasLt implements AutoCloseable {
    private static final int COMPUTE_32F = 68;
    private static final int REAL_32F = 0;
    private static final int REAL_16BF = 14;
    private static final int REAL_8F_E4M3 = 28;
    private static final int TRANSPOSED = 1;
    private static final int DESC_TRANSA = 3;
    private static final int DESC_TRANSB = 4;
    private static final int DESC_EPILOGUE = 7;
    private static final int DESC_BIAS_POINTER = 8;
    private static final int DESC_FAST_ACCUM = 25;
    private static final int EPILOGUE_BIAS = 4;
    private static final int LAYOUT_BATCH_COUNT = 5;
    private static final int LAYOUT_BATCH_STRIDE = 6;
    private static final int PREFERENCE_WORKSPACE = 1;
    private static final int PREFERENCE_REDUCTIONS = 3;

    /** Parts of a sum are added up as F32, and not rounded to the result's type before. */
    private static final int REDUCTION_OF_F32 = 2;

    /** Preferences of the alignment of A, B, C and D. */
    private static final int[] PREFERENCE_ALIGNMENT = {5, 6, 7, 8};

    private static final int NOT_SUPPORTED = 15;
    private static final int RESULT_BYTES = 96;
    private static final int STATE_AT = 72;

    /** Bytes that stand for an algorithm, which this version of the library understands. */
    static final int ALGORITHM_BYTES = 64;

    private final Native library;
    private final long handle;
    private final Memory one = floats(1);
    private final Memory zero = floats(0);

    CublasLt(Native library) {
        this.library = library;
        long[] out = new long[1];
        call("cublasLtCreate", (Object) out);
        handle = out[0];
    }

    private static Memory floats(float value) {
        Memory memory = new Memory(Float.BYTES);
        memory.setFloat(0, value);
        return memory;
    }

    /** What the library knows of a product: what to compute, and how the matrices lie. */
    record Description(long operation, long first, long second, long result) {}

    /** @param fast whether tensor cores add up F8 products with fewer bits than F32 has */
    Description describe(ProductPlan plan, boolean fast) {
        long operation = created("cublasLtMatmulDescCreate", COMPUTE_32F, REAL_32F);
        if (fast) {
            call("cublasLtMatmulDescSetAttribute", operation, DESC_FAST_ACCUM, new byte[] {1}, (long) Byte.BYTES);
        }
        if (plan.biased()) {
            set("cublasLtMatmulDescSetAttribute", operation, DESC_EPILOGUE, EPILOGUE_BIAS);
        }
        set(
                "cublasLtMatmulDescSetAttribute",
                operation,
                DESC_TRANSA,
                plan.first().turned() ? TRANSPOSED : 0);
        set(
                "cublasLtMatmulDescSetAttribute",
                operation,
                DESC_TRANSB,
                plan.second().turned() ? TRANSPOSED : 0);
        int type = code(plan.operands());
        return new Description(
                operation,
                layout(type, plan.m(), plan.k(), plan.first(), plan.batches()),
                layout(type, plan.k(), plan.n(), plan.second(), plan.batches()),
                layout(code(plan.type()), plan.m(), plan.n(), plan.result(), plan.batches()));
    }

    private static int code(DType type) {
        return switch (type) {
            case F8 -> REAL_8F_E4M3;
            case BF16 -> REAL_16BF;
            default -> REAL_32F;
        };
    }

    /** @param rows of the matrix as it is multiplied, before it is turned */
    private long layout(int type, long rows, long columns, ProductPlan.Layout layout, long batches) {
        long made = created(
                "cublasLtMatrixLayoutCreate",
                type,
                layout.turned() ? columns : rows,
                layout.turned() ? rows : columns,
                layout.leading());
        set("cublasLtMatrixLayoutSetAttribute", made, LAYOUT_BATCH_COUNT, Math.toIntExact(batches));
        set("cublasLtMatrixLayoutSetAttribute", made, LAYOUT_BATCH_STRIDE, layout.batch());
        return made;
    }

    /** The vector that calls from now on add, and whose alignment algorithms may count on. */
    void bias(Description product, long address) {
        set("cublasLtMatmulDescSetAttribute", product.operation(), DESC_BIAS_POINTER, address);
    }

    /**
     * Algorithms for a product, those first that the library takes for the fastest.
     *
     * @param workspace bytes that they may use
     * @param alignment of all matrices, in bytes
     */
    List<byte[]> algorithms(Description product, long workspace, int alignment, int most) {
        long preference = created("cublasLtMatmulPreferenceCreate");
        try (Memory results = new Memory((long) RESULT_BYTES * most)) {
            set("cublasLtMatmulPreferenceSetAttribute", preference, PREFERENCE_WORKSPACE, workspace);
            set("cublasLtMatmulPreferenceSetAttribute", preference, PREFERENCE_REDUCTIONS, REDUCTION_OF_F32);
            for (int attribute : PREFERENCE_ALIGNMENT) {
                set("cublasLtMatmulPreferenceSetAttribute", preference, attribute, alignment);
            }
            int[] count = new int[1];
            int status = library.call(
                    "cublasLtMatmulAlgoGetHeuristic",
                    handle,
                    product.operation(),
                    product.first(),
                    product.second(),
                    product.result(),
                    product.result(),
                    preference,
                    most,
                    results,
                    count);
            if (status != NOT_SUPPORTED) {
                check("cublasLtMatmulAlgoGetHeuristic", status);
            }
            List<byte[]> found = new ArrayList<>();
            for (int i = 0; i < count[0]; i++) {
                if (results.getInt((long) RESULT_BYTES * i + STATE_AT) == 0) {
                    found.add(results.getByteArray((long) RESULT_BYTES * i, ALGORITHM_BYTES));
                }
            }
            return found;
        } finally {
            call("cublasLtMatmulPreferenceDestroy", preference);
        }
    }

    /** Puts one call into a stream; the status. */
    int multiply(
            Description product,
            Pointer algorithm,
            long first,
            long second,
            long result,
            long workspace,
            long workspaceBytes,
            long stream) {
        return library.call(
                "cublasLtMatmul",
                handle,
                product.operation(),
                one,
                first,
                product.first(),
                second,
                product.second(),
                zero,
                result,
                product.result(),
                result,
                product.result(),
                algorithm,
                workspace,
                workspaceBytes,
                stream);
    }

    void destroy(Description product) {
        call("cublasLtMatmulDescDestroy", product.operation());
        for (long layout : new long[] {product.first(), product.second(), product.result()}) {
            call("cublasLtMatrixLayoutDestroy", layout);
        }
    }

    void check(String function, int status) {
        if (status != 0) {
            throw GlossaException.resource("Cannot multiply on the GPU: " + function + " of " + library.path()
                    + " gave status " + status + ", expected 0 (is the driver as new as the library?)");
        }
    }

    private void call(String function, Object... arguments) {
        check(function, library.call(function, arguments));
    }

    private long created(String function, Object... arguments) {
        long[] out = new long[1];
        call(function, Native.with(out, arguments));
        return out[0];
    }

    private void set(String function, long object, int attribute, int value) {
        call(function, object, attribute, new int[] {value}, (long) Integer.BYTES);
    }

    private void set(String function, long object, int attribute, long value) {
        call(function, object, attribute, new long[] {value}, (long) Long.BYTES);
    }

    /** Of this version of the library, so that what is kept for another one is not used. */
    String identity() {
        int[] parts = new int[3];
        for (int i = 0; i < parts.length; i++) {
            int[] out = new int[1];
            call("cublasLtGetProperty", i, out);
            parts[i] = out[0];
        }
        return "cuBLASLt " + Arrays.toString(parts);
    }

    @Override
    public void close() {
        library.call("cublasLtDestroy", handle);
        one.close();
        zero.close();
    }
}
