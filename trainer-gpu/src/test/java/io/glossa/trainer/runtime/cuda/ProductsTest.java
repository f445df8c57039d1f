package io.glossa.trainer.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProductsTest {
    private static final String FAST = "cublasLtMatmulDescSetAttribute 25";
    private static final long BF16 = 1;
    private static final long F8 = 2;

    @TempDir
    Path folder;

    @Test
    void productsOfF8AddUpFastWhereThatIsWanted() {
        assertThat(descriptions(F8, true)).contains(FAST);
        assertThat(descriptions(F8, false)).isNotEmpty().doesNotContain(FAST);
        assertThat(descriptions(BF16, true)).isNotEmpty().doesNotContain(FAST);
    }

    @Test
    void whatWasChosenForAnotherWayToAddIsNotUsed() throws IOException {
        descriptions(F8, true);
        descriptions(F8, false);
        descriptions(F8, false);
        descriptions(BF16, true);
        descriptions(BF16, false);
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> file.getFileName().toString().matches("product-.*[.]bin")))
                    .hasSize(3);
        }
    }

    /** Attributes that are set for a product of [32, 16] and a turned [48, 16], by a process of its own. */
    private List<String> descriptions(long operands, boolean fastF8) {
        FakeCuda cuda = new FakeCuda("fake");
        ProductPlan plan = ProductPlan.of(
                List.of(
                        2L, operands, 32L, 16L, 16L, 1L, //
                        operands, 16L, 48L, 1L, 16L, //
                        BF16, 32L, 48L, 48L, 1L),
                false);
        try (Products products = new Products(
                new CublasLt(cuda), folder, "a GPU", new Products.Scratch(0, 0, 0), ProductsTest::measured, fastF8)) {
            products.product(plan, new Gpu.Factors(512, 512, 512, 512));
        }
        return cuda.calls.stream()
                .filter(call -> call.startsWith("cublasLtMatmulDescSetAttribute"))
                .toList();
    }

    private static Gpu.Measured measured(Runnable piece) {
        return new Gpu.Measured() {
            @Override
            public double[] replay() {
                piece.run();
                return new double[] {1};
            }

            @Override
            public void close() {}
        };
    }
}
