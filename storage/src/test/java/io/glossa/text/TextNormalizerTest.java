package io.glossa.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextNormalizerTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Activated.|activated",
                "  That agent is  already logged on,  please… |that agent is already logged on please",
                "d'agent suivi du dièse.|d'agent suivi du dièse",
                "l’agent|l agent",
                "Prego: digitare \"9\"!|prego digitare 9",
                "Введите НОМЕР оператора|введите номер оператора",
                "ÎLE ÉTÉ|île été",
                "e-mail/web_site|e mail web site",
                "½ ² Ⅳ|½ ² ⅳ",
                "日本語。テスト|日本語 テスト",
            })
    void keepsLettersMarksDigitsAndTheApostrophe(String text, String normal) {
        assertThat(TextNormalizer.normalize(text)).isEqualTo(normal);
    }

    @Test
    void composesWhatIsWrittenInTwoParts() {
        assertThat(TextNormalizer.normalize("E\u0301te\u0301")).isEqualTo("\u00e9t\u00e9");
        assertThat(TextNormalizer.normalize("...?!\u00a0—")).isEmpty();
    }
}
