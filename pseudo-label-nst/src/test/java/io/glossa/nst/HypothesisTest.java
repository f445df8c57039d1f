package io.glossa.nst;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HypothesisTest {
    @ParameterizedTest
    @CsvSource({"'  two  words ', two words, 2", "' one', one, 1", "don't, don't, 1", "a \u0301' b, a b, 2"})
    void theTextIsNormalisedAndItsWordsAreCounted(String heard, String text, int words) {
        Hypothesis hypothesis = hypothesis(heard, 0.75);

        assertThat(hypothesis.text()).isEqualTo(text);
        assertThat(hypothesis.words()).hasSize(words);
        assertThat(hypothesis.wordsPerSecond()).isEqualTo(words / 2.0);
        assertThat(hypothesis.confidence()).isEqualTo(0.75);
        assertThat(hypothesis.score()).isEqualTo(-3);
    }

    @Test
    void spacesAloneAreNothingHeard() {
        Hypothesis hypothesis = hypothesis("   ", 0.99);

        assertThat(hypothesis.confidence()).isZero();
        assertThat(Filter.verdict(hypothesis, FilterConfig.DEFAULTS)).isEqualTo("empty");
    }

    private static Hypothesis hypothesis(String heard, double confidence) {
        return Hypothesis.of(
                new Features("u", "en", "test", 200, 8, new byte[0]),
                new io.glossa.trainer.train.Hypothesis(heard, false, -3, confidence, 200));
    }
}
