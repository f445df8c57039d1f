package io.glossa.nst;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.GlossaException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterTest {
    @ParameterizedTest
    @CsvSource({
        "please enter your number, 2.0, 0.9, accepted",
        "'', 2.0, 0.9, empty",
        "yes, 4.0, 0.9, too-slow",
        "a b c d e f g h i j, 1.0, 0.9, too-fast",
        "no no no no no, 2.0, 0.9, repetitive",
        "no no no, 2.0, 0.9, accepted",
        "one two one two one two one two one two, 5.0, 0.9, repetitive",
        "please enter your number, 2.0, 0.4, low-confidence",
    })
    void theFirstFilterThatObjectsGivesTheVerdict(String text, double seconds, double confidence, String verdict) {
        Hypothesis hypothesis = new Hypothesis("u", "en", "unlabelled", text, false, -3, confidence, seconds);

        assertThat(Filter.verdict(hypothesis, FilterConfig.DEFAULTS)).isEqualTo(verdict);
    }

    @Test
    void whatHasNoSymbolIsNotLearned() {
        Hypothesis hypothesis = new Hypothesis("u", "en", "unlabelled", "enter your", true, -3, 0.9, 2);
        assertThat(Filter.verdict(hypothesis, FilterConfig.DEFAULTS)).isEqualTo("unknown-symbol");
    }

    @Test
    void countsPhrasesThatFollowThemselves() {
        assertThat(Filter.repeats(List.of("a", "b", "c"))).isZero();
        assertThat(Filter.repeats(List.of("a", "a"))).isEqualTo(1);
        assertThat(Filter.repeats(List.of("a", "b", "a", "b", "c"))).isEqualTo(1);
        assertThat(Filter.repeats(List.of("a", "b", "c", "a", "b", "d"))).isZero();
    }

    @Test
    void impossibleBoundsAreTheUsersError() {
        assertThatThrownBy(() -> new FilterConfig(1.5, 0.3, 6, 3))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("min-confidence")
                .hasMessageContaining("1.5");
        assertThatThrownBy(() -> new FilterConfig(0.5, 3, 2, 3)).hasMessageContaining("max-words-per-second");
        assertThatThrownBy(() -> new FilterConfig(0.5, 1, 2, -1)).hasMessageContaining("max-repeats");
    }
}
