package io.glossa.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextNormalizerTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Activated.|activated",
                "  That agent is  already logged on,  please… |that agent is already logged on please",
                "d'agent suivi du dièse.|d'agent suivi du dièse",
                "Prego: digitare \"9\"!|prego digitare 9",
                "Введите НОМЕР оператора|введите номер оператора",
                "ÎLE ÉTÉ|île été",
                "e-mail/web_site|e mail web site",
                "½ ² Ⅳ ٣|½ ² ⅳ ٣",
                "日本語。テスト|日本語 テスト",
                "ΟΔΥΣΣΕΥΣ, ΣΑΣ|οδυσσευς σας",
            })
    void keepsLettersMarksDigitsAndTheApostrophe(String text, String normal) {
        assertThat(TextNormalizer.normalize(text)).isEqualTo(normal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'", "\u2019", "\u2018", "\u201B", "\u02BC", "\u02BB", "\u055A", "\u05F3", "\uFF07", "\u00B4", "`",
                "\u2032"
            })
    void everyApostropheIsTheOne(String apostrophe) {
        assertThat(TextNormalizer.normalize("Don" + apostrophe + "t l" + apostrophe + "E\u0301te\u0301"))
                .isEqualTo("don't l'\u00e9t\u00e9");
    }

    @Test
    void whatQuotesOrStandsAloneIsNoApostrophe() {
        assertThat(TextNormalizer.normalize("‘Don’t,’ he said, ‘it’s the dogs’.’"))
                .isEqualTo("don't he said it's the dogs");
        assertThat(TextNormalizer.normalize("‚ja‘ und ‚nein’")).isEqualTo("ja und nein");
        assertThat(TextNormalizer.normalize("rock ’ n ' roll ´ 5′ ` 6´´")).isEqualTo("rock n roll 5 6");
        assertThat(TextNormalizer.normalize("un po’ d’acqua, the dogs' 'em")).isEqualTo("un po' d'acqua the dogs' 'em");
        assertThat(TextNormalizer.normalize("tog‘ va o‘zbek, ʻŌlelo")).isEqualTo("tog' va o'zbek '\u014dlelo");
        assertThat(TextNormalizer.normalize("' '' \u0301' ’\u0301")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x202A, 0x202E, 0x2060, 0x2066, 0x2069, 0x61C, 0xFEFF,
                0x34F, 0x180B, 0xFE0E, 0xFE0F, 0xE0020, 0xE0100, 0x20DD, 0x3164, 0x1D173
            })
    void whatHasNoSoundOfItsOwnSplitsNoWord(int codePoint) {
        String found = Character.toString(codePoint);
        assertThat(TextNormalizer.normalize("wo" + found + "rd")).isEqualTo("word");
        assertThat(TextNormalizer.normalize("e" + found + "\u0301te")).isEqualTo("\u00e9te");
        assertThat(TextNormalizer.normalize(found + " a " + found + " b" + found))
                .isEqualTo("a b");
    }

    @Test
    void joinersVanishFromPersianAndIndicWords() {
        assertThat(TextNormalizer.normalize("می\u200Cخواهم")).isEqualTo("میخواهم");
        assertThat(TextNormalizer.normalize("क्\u200Dष")).isEqualTo("क्ष");
        assertThat(TextNormalizer.normalize("അവന\u0D4D\u200D വീട്ടില\u0D4D\u200D"))
                .isEqualTo(TextNormalizer.normalize("അവ\u0D7B വീട്ടി\u0D7D"))
                .isEqualTo("അവ\u0D7B വീട്ടി\u0D7D");
    }

    @Test
    void emojiLeaveNothingBehind() {
        for (String emoji : List.of(
                "\u2764\uFE0F", // heart
                "\uD83D\uDC4D\uD83C\uDFFD", // thumb with a skin tone
                "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67", // family
                "\uD83C\uDDE9\uD83C\uDDEA", // flag
                "\uD83C\uDFF4\uDB40\uDC67\uDB40\uDC62\uDB40\uDC7F", // flag with tags
                "#\uFE0F\u20E3", // keycap
                "\u2139\uFE0F", // information
                "\u24C2\uFE0F")) {
            assertThat(TextNormalizer.normalize(emoji)).as(emoji).isEmpty();
            assertThat(TextNormalizer.normalize("I" + emoji + "you " + emoji))
                    .as(emoji)
                    .isEqualTo("i you");
        }
        assertThat(TextNormalizer.normalize("1\uFE0F\u20E3")).isEqualTo("1");
    }

    @Test
    void marksStayWithTheirLettersAndAreNoWords() {
        assertThat(TextNormalizer.normalize("E\u0301te\u0301 \u0301 -\u0301\u0302x"))
                .isEqualTo("\u00e9t\u00e9 x");
        assertThat(TextNormalizer.normalize("क\u0941त\u094D\u0924ा")).isEqualTo("कुत्ता");
        assertThat(TextNormalizer.normalize("x\u0323\u0307 \u2139\u0301")).isEqualTo("\u1E8B\u0323");
        assertThat(TextNormalizer.normalize("...?!\u00a0— \u0300")).isEmpty();
    }

    @Test
    void theCatalanDotIsPartOfItsWord() {
        for (String word :
                List.of("col·lecció", "co\u0140lecció", "COĿLECCIÓ", "COL·LECCIÓ", "col\u2027lecció", "col•lecció")) {
            assertThat(TextNormalizer.normalize(word)).as(word).isEqualTo("col·lecció");
        }
        assertThat(TextNormalizer.normalize("a·b l·o o·l ŀ · l··l")).isEqualTo("a b l o o l l l l");
    }

    @Test
    void theTurkishDotStays() {
        assertThat(TextNormalizer.normalize("İZMİR")).isEqualTo("i\u0307zmi\u0307r");
        assertThat(TextNormalizer.normalize("I\u0307")).isEqualTo("i\u0307");
        assertThat(TextNormalizer.normalize("\u0130\u0316")).isEqualTo("i\u0316\u0307");
    }

    @Test
    void whatIsNoTextBecomesASpace() {
        assertThat(TextNormalizer.normalize("a\u0000b\tc\r\nd\u00a0e\u3000f\uE000g\uD800h€i"))
                .isEqualTo("a b c d e f g h i");
        assertThat(TextNormalizer.normalize("\uD801\u00AD\uDC00")).isEmpty();
    }

    @Test
    void longRunsAreNoTrouble() {
        for (String run : List.of(" ", ".'", "a\u0301", "\u0301", "\u200D", "‘", "l·")) {
            assertThat(TextNormalizer.normalize("a " + run.repeat(50_000) + " b"))
                    .startsWith("a ")
                    .endsWith(" b");
        }
    }

    @Test
    void normalTextsStayAsTheyAre() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        String often = "aAl\u0130\u0301\u0316\u00B7\u2018\u2019'\u200D\u0D28\u0D4D\u2139\uD800\uDC00\u00AD\u03A3 ";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int k = 1 + random.nextInt(30); k > 0; k--) {
                switch (random.nextInt(3)) {
                    case 0 -> text.append(often.charAt(random.nextInt(often.length())));
                    case 1 -> text.appendCodePoint(random.nextInt(0x3000));
                    default -> text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
                }
            }
            String normal = TextNormalizer.normalize(text.toString());
            assertThat(TextNormalizer.normalize(normal)).as("%s", text).isEqualTo(normal);
            assertThat(Normalizer.isNormalized(normal, Normalizer.Form.NFC)).isTrue();
            assertThat(normal.strip()).doesNotContain("  ").isEqualTo(normal);
        }
    }
}
