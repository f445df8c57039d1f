package io.glossa.trainer.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import io.glossa.trainer.runtime.Agreement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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

    @Test
    void ranksTakeTheAlgorithmThatTheyAgreeOn() {
        List<String> asked = new ArrayList<>();
        Agreement agreement = (name, proposal) -> {
            asked.add(name);
            proposal.get();
            return Arrays.copyOf("told".getBytes(StandardCharsets.UTF_8), 64);
        };
        FakeCuda cuda = new FakeCuda("fake");
        List<String> used = new ArrayList<>();
        Native library = new Native() {
            @Override
            public int call(String function, Object... arguments) {
                if (function.equals("cublasLtMatmul")) {
                    used.add(new String(((Memory) arguments[12]).getByteArray(0, 4), StandardCharsets.UTF_8));
                }
                return cuda.call(function, arguments);
            }

            @Override
            public String path() {
                return cuda.path();
            }
        };
        try (Products products = products(library, agreement, false)) {
            Gpu.Factors at = new Gpu.Factors(512, 512, 512, 512);
            products.multiply(products.product(plan(BF16), at), at);
            products.multiply(products.product(plan(BF16), at), at);
        }
        assertThat(asked).singleElement().asString().matches("product-.*[.]bin");
        assertThat(used.subList(used.size() - 2, used.size())).containsOnly("told");
    }

    /** Attributes that are set for a product of [32, 16] and a turned [48, 16], by a process of its own. */
    private List<String> descriptions(long operands, boolean fastF8) {
        FakeCuda cuda = new FakeCuda("fake");
        try (Products products = products(cuda, Agreement.NONE, fastF8)) {
            products.product(plan(operands), new Gpu.Factors(512, 512, 512, 512));
        }
        return cuda.calls.stream()
                .filter(call -> call.startsWith("cublasLtMatmulDescSetAttribute"))
                .toList();
    }

    private Products products(Native library, Agreement agreement, boolean fastF8) {
        Products.Scratch scratch = new Products.Scratch(0, 0, 0);
        return new Products(new CublasLt(library), folder, agreement, "a GPU", scratch, ProductsTest::measured, fastF8);
    }

    private static ProductPlan plan(long operands) {
        return ProductPlan.of(
                List.of(
                        2L, operands, 32L, 16L, 16L, 1L, //
                        operands, 16L, 48L, 1L, 16L, //
                        BF16, 32L, 48L, 48L, 1L),
                false);
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
