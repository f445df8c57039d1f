package io.glossa.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorRatesTest {
    @Test
    void countsCodePointsAndWords() {
        Scored scored = Scored.of("u", "ru", "добрый день", "добры ден 𝄞");

        assertThat(scored.characters()).isEqualTo(11);
        assertThat(scored.characterErrors())
                .isEqualTo(3); // й missing, ь replaced by the space, one code point too many
        assertThat(scored.words()).isEqualTo(2);
        assertThat(scored.wordErrors()).isEqualTo(3);
    }

    @Test
    void longUtterancesCountForTheirLength() {
        ErrorRates rates =
                ErrorRates.of(List.of(Scored.of("1", "en", "abcdefgh", "abcdefgh"), Scored.of("2", "en", "ab", "")), 1);

        assertThat(rates.cer()).isEqualTo(0.2);
        assertThat(rates.wer()).isEqualTo(0.5);
        assertThat(rates.cerInterval().contains(0.2)).isTrue();
    }

    @Test
    void nothingHeardIsAllWrongAndTooMuchIsWorse() {
        assertThat(ErrorRates.of(List.of(Scored.of("1", "en", "ab", "")), 1).cer())
                .isEqualTo(1);
        assertThat(ErrorRates.of(List.of(Scored.of("1", "en", "ab", "abababab")), 1)
                        .cer())
                .isEqualTo(3);
    }

    @Test
    void withoutUtterancesThereIsNoRate() {
        assertThat(ErrorRates.of(List.of(), 1).cer()).isNaN();
    }

    @Test
    void sameSeedSameInterval() {
        List<Scored> scored = List.of(
                Scored.of("1", "en", "one two", "one too"),
                Scored.of("2", "en", "three", "free"),
                Scored.of("3", "en", "four", "four"));

        assertThat(ErrorRates.of(scored, 5)).isEqualTo(ErrorRates.of(scored, 5));
        assertThat(ErrorRates.of(scored, 5).cer()).isCloseTo(3 / 16.0, within(1e-12));
    }
}
