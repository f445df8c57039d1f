package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanguageTimesTest {
    private static final Map<String, Long> COUNTS = Map.of("en", 1_000_000L, "it", 8000L, "mt", 1000L);

    @Test
    void sharesAreAsTheRootOfWhatThereIs() {
        LanguageTimes times = LanguageTimes.of(COUNTS, 3);
        // cube roots: 100, 20 and 10
        assertThat(texts(times, "it")).isCloseTo(texts(times, "en") * 20 / 100, within(1e-3));
        assertThat(texts(times, "mt")).isCloseTo(texts(times, "en") * 10 / 100, within(1e-3));
        assertThat(times.times()).containsEntry("en", 1.0);
        assertThat(times.most()).as("a bound").isBetween(100L, 101L);
    }

    private static double texts(LanguageTimes times, String lang) {
        return COUNTS.get(lang) * times.times().get(lang);
    }

    @Test
    void atOneSharesAreAsTheyAreAndHighUpEven() {
        assertThat(LanguageTimes.of(COUNTS, 1).times().values()).containsOnly(1.0);
        LanguageTimes even = LanguageTimes.of(COUNTS, 1e9);
        assertThat(texts(even, "mt")).isCloseTo(1e6, within(10.0));
    }

    @Test
    void noTextIsLeftOutAndSomeHaveOneMore() {
        LanguageTimes times = LanguageTimes.of(COUNTS, 3);
        int[] it =
                IntStream.range(0, 8000).map(i -> times.of("it", "text-" + i)).toArray();
        assertThat(it).containsOnly(25);
        LanguageTimes other = LanguageTimes.of(Map.of("en", 3L, "it", 1L), 3); // 3^(2/3) = 2.08
        int[] counts =
                IntStream.range(0, 8000).map(i -> other.of("it", "text-" + i)).toArray();
        assertThat(counts).containsOnly(2, 3);
        assertThat(IntStream.of(counts).average().orElseThrow()).isCloseTo(2.08, within(0.01));
    }
}
