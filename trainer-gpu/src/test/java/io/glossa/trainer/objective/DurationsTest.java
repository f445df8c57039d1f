package io.glossa.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {
    private static final int SEED = 5;
    private static final Durations RANDOM = new Durations(Durations.Kind.RANDOM, 2);
    private static final Durations FIXED = new Durations(Durations.Kind.FIXED, 2);

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 9", "7, 7", "7, 20", "40, 100", "20, 7", "3, 1"})
    void allFramesAreDealt(int symbols, int frames) {
        for (Durations durations : new Durations[] {RANDOM, FIXED}) {
            int[] starts = durations.starts(symbols, frames, SEED, 17);
            assertThat(starts).hasSize(symbols).isSorted();
            assertThat(starts[0]).isZero();
            assertThat(starts[symbols - 1]).isLessThan(frames);
            // Each symbol a frame of its own, or each frame a symbol.
            assertThat(Arrays.stream(starts).distinct()).hasSize(Math.min(symbols, frames));
        }
    }

    @Test
    void fixedIsEven() {
        assertThat(FIXED.starts(4, 8, SEED, 1)).containsExactly(0, 2, 4, 6);
        assertThat(FIXED.starts(3, 8, SEED, 1)).containsExactly(0, 2, 5);
        assertThat(FIXED.starts(5, 2, SEED, 1)).containsExactly(0, 0, 1, 1, 1);
        assertThat(FIXED.starts(0, 3, SEED, 1)).isEmpty();
        assertThat(RANDOM.starts(0, 3, SEED, 1)).isEmpty();
    }

    @Test
    void randomHangsOnSeedAndStream() {
        int[] starts = RANDOM.starts(20, 50, SEED, 1);
        assertThat(RANDOM.starts(20, 50, SEED, 1)).isEqualTo(starts);
        assertThat(RANDOM.starts(20, 50, SEED, 2)).isNotEqualTo(starts);
        assertThat(RANDOM.starts(20, 50, SEED + 1, 1)).isNotEqualTo(starts);
    }

    /** 1 and a binomial number of the other frames, whatever the symbol's place. */
    @Test
    void randomHasNoFavourites() {
        int draws = 4000;
        double[] sums = new double[5];
        double[] squares = new double[5];
        for (int stream = 0; stream < draws; stream++) {
            int[] starts = Arrays.copyOf(RANDOM.starts(5, 15, SEED, stream), 6);
            starts[5] = 15;
            for (int u = 0; u < 5; u++) {
                int duration = starts[u + 1] - starts[u];
                sums[u] += duration;
                squares[u] += duration * duration;
            }
        }
        for (int u = 0; u < 5; u++) {
            double mean = sums[u] / draws;
            assertThat(mean).isCloseTo(3, within(0.1));
            assertThat(squares[u] / draws - mean * mean).isCloseTo(10 * 0.2 * 0.8, within(0.2));
        }
    }

    @Test
    void aTextHasFramesByItsSymbols() {
        assertThat(IntStream.of(0, 1, 3, 50).map(RANDOM::frames)).containsExactly(1, 2, 6, 100);
        assertThat(new Durations(Durations.Kind.FIXED, 0.4).frames(1)).isEqualTo(1);
        assertThatThrownBy(() -> new Durations(Durations.Kind.FIXED, 0))
                .hasMessageContaining("frames-per-symbol=0.0, expected a number above 0");
    }
}
