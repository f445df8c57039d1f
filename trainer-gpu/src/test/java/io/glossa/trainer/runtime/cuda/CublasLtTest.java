package io.glossa.trainer.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.error.GlossaException;
import io.glossa.trainer.runtime.Devices;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The library's own view of what is described to it, which needs no GPU. */
class CublasLtTest {
    private static final int ROWS = 2;
    private static final int COLUMNS = 3;
    private static final int LEADING = 4;
    private static final int BATCHES = 5;
    private static final int BATCH_STRIDE = 6;
    private static final int TRANSA = 3;
    private static final int TRANSB = 4;
    private static final int EPILOGUE = 7;
    private static final int BIAS_POINTER = 8;
    private static final int FAST_ACCUM = 25;

    @Test
    void theLibraryUnderstandsADescription() {
        Native library = library();
        // Two products of [3, 4] and a turned [5, 4], in bf16.
        ProductPlan plan = ProductPlan.of(
                List.of(
                        3L, 1L, 2L, 3L, 4L, 12L, 4L, 1L, //
                        1L, 2L, 4L, 5L, 20L, 1L, 4L, //
                        0L, 2L, 3L, 5L, 15L, 5L, 1L),
                false);
        try (CublasLt blas = new CublasLt(withoutHandles(library))) {
            CublasLt.Description described = blas.describe(plan, false);

            assertThat(blas.identity()).matches("cuBLASLt \\[\\d+, \\d+, \\d+]");
            assertThat(layout(library, described.first())).containsExactly(4, 5, 4, 2, 20);
            assertThat(layout(library, described.second())).containsExactly(4, 3, 4, 2, 12);
            assertThat(layout(library, described.result())).containsExactly(5, 3, 5, 2, 15);
            String operation = "cublasLtMatmulDescGetAttribute";
            assertThat(attribute(library, operation, described.operation(), TRANSA, Integer.BYTES))
                    .isEqualTo(1);
            assertThat(attribute(library, operation, described.operation(), TRANSB, Integer.BYTES))
                    .isZero();
            blas.destroy(described);
        }
    }

    @Test
    void theLibraryUnderstandsABiasAndEightBits() {
        Native library = library();
        ProductPlan plan = ProductPlan.of(
                List.of(
                        2L, 2L, 32L, 16L, 16L, 1L, //
                        2L, 16L, 48L, 1L, 16L, //
                        1L, 32L, 48L, 48L, 1L),
                true);
        try (CublasLt blas = new CublasLt(withoutHandles(library))) {
            CublasLt.Description described = blas.describe(plan, true);
            blas.bias(described, 512);

            String operation = "cublasLtMatmulDescGetAttribute";
            assertThat(attribute(library, operation, described.operation(), EPILOGUE, Integer.BYTES))
                    .isEqualTo(4);
            assertThat(attribute(library, operation, described.operation(), BIAS_POINTER, Long.BYTES))
                    .isEqualTo(512);
            assertThat(attribute(library, operation, described.operation(), FAST_ACCUM, Byte.BYTES))
                    .isEqualTo(1);
            assertThat(attribute(library, operation, described.operation(), TRANSA, Integer.BYTES))
                    .as("the weight lies along what is added up")
                    .isEqualTo(1);
            assertThat(layout(library, described.first())).startsWith(16, 48, 16);
            blas.destroy(described);
        }
    }

    private static Native library() {
        try {
            return Libraries.ofMachine().newest("libcublasLt", "nvidia-cublas", new DriverVersion(99, 0));
        } catch (GlossaException e) {
            return Devices.skip("no libcublasLt here");
        }
    }

    /** A handle takes a GPU. */
    private static Native withoutHandles(Native library) {
        return new Native() {
            @Override
            public int call(String function, Object... arguments) {
                return function.equals("cublasLtCreate") || function.equals("cublasLtDestroy")
                        ? 0
                        : library.call(function, arguments);
            }

            @Override
            public String path() {
                return library.path();
            }
        };
    }

    private static long[] layout(Native library, long layout) {
        String function = "cublasLtMatrixLayoutGetAttribute";
        return new long[] {
            attribute(library, function, layout, ROWS, Long.BYTES),
            attribute(library, function, layout, COLUMNS, Long.BYTES),
            attribute(library, function, layout, LEADING, Long.BYTES),
            attribute(library, function, layout, BATCHES, Integer.BYTES),
            attribute(library, function, layout, BATCH_STRIDE, Long.BYTES)
        };
    }

    private static long attribute(Native library, String function, long object, int attribute, long bytes) {
        long[] value = new long[1];
        assertThat(library.call(function, object, attribute, value, bytes, new long[1]))
                .isZero();
        return value[0];
    }
}
