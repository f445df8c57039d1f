package io.glossa.trainer.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.GlossaException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProductPlanTest {
    private static final int SEED = 4;
    private static final int CASES = 3000;

    /** A dense array of some order of axes, of which the operand is a part. */
    private record Operand(int[] extents, long[] strides, double[] values) {
        static Operand random(Random random, int[] extents) {
            int rank = extents.length;
            List<Integer> order = new ArrayList<>();
            for (int axis = 0; axis < rank; axis++) {
                order.add(random.nextInt(axis + 1), axis);
            }
            int inner = random.nextBoolean() ? rank - 1 : rank - 2;
            order.remove(Integer.valueOf(inner));
            order.add(inner);
            long[] strides = new long[rank];
            long stride = 1;
            for (int i = rank - 1; i >= 0; i--) {
                int axis = order.get(i);
                strides[axis] = extents[axis] == 1 && random.nextBoolean() ? random.nextInt(9) : stride;
                stride *= extents[axis] + random.nextInt(3) / 2;
            }
            double[] values = new double[(int) stride];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextInt(9) - 4;
            }
            return new Operand(extents, strides, values);
        }

        static Operand dense(int[] extents) {
            long[] strides = new long[extents.length];
            long stride = 1;
            for (int i = extents.length - 1; i >= 0; i--) {
                strides[i] = stride;
                stride *= extents[i];
            }
            return new Operand(extents, strides, new double[(int) stride]);
        }

        int at(int[] index, int row, int column) {
            long at = row * strides[index.length] + column * strides[index.length + 1];
            for (int i = 0; i < index.length; i++) {
                at += index[i] * strides[i];
            }
            return (int) at;
        }

        void describe(List<Long> description) {
            description.add(0L);
            for (int extent : extents) {
                description.add((long) extent);
            }
            for (long stride : strides) {
                description.add(stride);
            }
        }
    }

    @Test
    void columnMajorProductsAreThoseOfTheDescription() {
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            int rank = 2 + random.nextInt(3);
            int[] batch = random.ints(rank - 2, 1, 4).toArray();
            int m = 1 + random.nextInt(4);
            int n = 1 + random.nextInt(4);
            int k = 1 + random.nextInt(4);
            Operand a = Operand.random(random, extents(batch, m, k));
            Operand b = Operand.random(random, extents(batch, k, n));
            Operand c = Operand.dense(extents(batch, m, n));
            List<Long> description = new ArrayList<>(List.of((long) rank));
            a.describe(description);
            b.describe(description);
            c.describe(description);

            assertThat(blas(ProductPlan.of(description, false), a, b, c.values().length))
                    .as("seed %d, case %d, %s", SEED, i, description)
                    .containsExactly(plain(a, b, c, batch, m, n, k));
        }
    }

    @Test
    void batchesThatLieLikeOneAxisAreOneCall() {
        ProductPlan plan = ProductPlan.of(
                List.of(
                        4L, 1L, 2L, 3L, 4L, 5L, 60L, 20L, 5L, 1L, //
                        1L, 2L, 3L, 5L, 6L, 90L, 30L, 6L, 1L, //
                        1L, 2L, 3L, 4L, 6L, 72L, 24L, 6L, 1L),
                false);

        assertThat(plan.batches()).isEqualTo(6);
        assertThat(plan.calls()).containsExactly(new ProductPlan.Start(0, 0, 0));
        assertThat(plan.first()).isEqualTo(new ProductPlan.Layout(false, 6, 30));
        assertThat(plan.second()).isEqualTo(new ProductPlan.Layout(false, 5, 20));
        assertThat(plan.result()).isEqualTo(new ProductPlan.Layout(false, 6, 24));
    }

    @Test
    void aMatrixWithoutContiguousLinesIsRefused() {
        assertThatThrownBy(() -> ProductPlan.of(
                        List.of(
                                2L, 0L, 2L, 3L, 6L, 2L, //
                                0L, 3L, 2L, 2L, 1L, //
                                0L, 2L, 2L, 2L, 1L),
                        false))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("2 × 3 with strides 6, 2");
    }

    private static int[] extents(int[] batch, int rows, int columns) {
        int[] extents = Arrays.copyOf(batch, batch.length + 2);
        extents[batch.length] = rows;
        extents[batch.length + 1] = columns;
        return extents;
    }

    private static double[] plain(Operand a, Operand b, Operand c, int[] batch, int m, int n, int k) {
        double[] result = new double[c.values().length];
        int[] index = new int[batch.length];
        do {
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    for (int l = 0; l < k; l++) {
                        result[c.at(index, i, j)] += a.values()[a.at(index, i, l)] * b.values()[b.at(index, l, j)];
                    }
                }
            }
        } while (next(index, batch));
        return result;
    }

    private static boolean next(int[] index, int[] extents) {
        for (int i = index.length - 1; i >= 0; i--) {
            index[i] = (index[i] + 1) % extents[i];
            if (index[i] > 0) {
                return true;
            }
        }
        return false;
    }

    /** What BLAS does with the plan. */
    private static double[] blas(ProductPlan plan, Operand a, Operand b, int size) {
        double[] result = new double[size];
        assertThat(plan.result().turned()).isFalse();
        for (ProductPlan.Start start : plan.calls()) {
            for (long batch = 0; batch < plan.batches(); batch++) {
                for (long i = 0; i < plan.m(); i++) {
                    for (long j = 0; j < plan.n(); j++) {
                        double sum = 0;
                        for (long l = 0; l < plan.k(); l++) {
                            sum += b.values()[at(plan.first(), start.first(), batch, i, l)]
                                    * a.values()[at(plan.second(), start.second(), batch, l, j)];
                        }
                        result[at(plan.result(), start.result(), batch, i, j)] = sum;
                    }
                }
            }
        }
        return result;
    }

    private static int at(ProductPlan.Layout layout, long start, long batch, long row, long column) {
        return (int) (start
                + batch * layout.batch()
                + (layout.turned() ? column + row * layout.leading() : row + column * layout.leading()));
    }
}
