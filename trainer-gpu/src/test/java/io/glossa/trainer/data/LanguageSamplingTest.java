package io.glossa.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LanguageSamplingTest {
    private static final long[] COUNTS = {1_000_000, 8000, 0, 1000};

    @Test
    void aHigherTemperatureEvensOut() {
        double all = 1_009_000;
        assertThat(LanguageSampling.shares(COUNTS, 1))
                .containsExactly(new double[] {1_000_000 / all, 8000 / all, 0, 1000 / all}, within(1e-12));
        // cube roots: 100, 20 and 10
        assertThat(LanguageSampling.shares(COUNTS, 3))
                .containsExactly(new double[] {100 / 130.0, 20 / 130.0, 0, 10 / 130.0}, within(1e-12));
        assertThat(LanguageSampling.shares(COUNTS, 1e9))
                .containsExactly(new double[] {1 / 3.0, 1 / 3.0, 0, 1 / 3.0}, within(1e-6));
    }

    @Test
    void drawsAddUpAndAreAsNearAsCanBe() {
        for (long draws : new long[] {0, 1, 2, 3, 130, 131, 1_009_001}) {
            LanguageSampling sampling = LanguageSampling.of(COUNTS, 3, draws, 7);
            long[] each =
                    IntStream.range(0, COUNTS.length).mapToLong(sampling::draws).toArray();
            assertThat(Arrays.stream(each).sum()).isEqualTo(draws);
            double[] shares = LanguageSampling.shares(COUNTS, 3);
            for (int i = 0; i < each.length; i++) {
                assertThat((double) each[i]).isCloseTo(shares[i] * draws, within(1.0));
            }
        }
        assertThat(LanguageSampling.of(COUNTS, 3, 130, 7).draws(0)).isEqualTo(100);
        assertThat(LanguageSampling.of(COUNTS, 3, 130, 7).draws(2)).isZero();
    }

    @Test
    void noItemIsDrawnAgainBeforeAllWere() {
        LanguageSampling sampling = LanguageSampling.of(new long[] {97, 5}, 3, 40, 11);
        for (int language = 0; language < 2; language++) {
            int size = language == 0 ? 97 : 5;
            int[] seen = new int[size];
            for (int epoch = 0; epoch < 7; epoch++) {
                for (long draw = 0; draw < sampling.draws(language); draw++) {
                    seen[(int) sampling.item(epoch, language, draw)]++;
                    int most = Arrays.stream(seen).max().orElseThrow();
                    assertThat(Arrays.stream(seen).min().orElseThrow()).isBetween(most - 1, most);
                }
            }
            assertThat(Arrays.stream(seen).sum()).isEqualTo(7 * sampling.draws(language));
        }
    }

    @Test
    void whatIsDrawnHangsOnSeedAndEpochAlone() {
        assertThat(epoch(1, 0)).isEqualTo(epoch(1, 0)).isNotEqualTo(epoch(1, 1)).isNotEqualTo(epoch(2, 0));
    }

    private static long[] epoch(long seed, int epoch) {
        LanguageSampling sampling = LanguageSampling.of(COUNTS, 3, 130, seed);
        return LongStream.range(0, sampling.draws(1))
                .map(draw -> sampling.item(epoch, 1, draw))
                .toArray();
    }

    @Test
    void everyPlaceOfAnOrderIsAnother() {
        for (int size = 1; size < 140; size++) {
            Permutation order = new Permutation(size, 3, size);
            assertThat(LongStream.range(0, size).map(order::at).sorted())
                    .containsExactlyElementsOf(LongStream.range(0, size).boxed().toList());
        }
        long large = (1L << 40) + 1;
        assertThat(new Permutation(large, 3).at(large - 1)).isBetween(0L, large - 1);
    }

    @Test
    void nothingToDrawFromIsRefused() {
        assertThatThrownBy(() -> LanguageSampling.shares(new long[] {0, 0}, 3)).hasMessageStartingWith("Cannot sample");
        assertThatThrownBy(() -> LanguageSampling.shares(COUNTS, Double.NaN)).hasMessageContaining("temperature NaN");
    }
}
