package io.glossa.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import java.io.IOException;
import java.text.Normalizer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphemesTest {
    private static final String FAMILY = "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67";

    private final Graphemes table = Graphemes.of(List.of("да нет", "sí, olé 🎵"));

    @Test
    void writesWhatItReads() {
        assertThat(table.decode(table.encode("да sí 🎵"))).isEqualTo("да sí 🎵");
        assertThat(table.encode(" ")).containsExactly(0);
        assertThat(Tokenizers.of(table.config())).isEqualTo(table);
        assertThat(table.unknown()).isEmpty();
    }

    @Test
    void everyTextComesBackInNfc() throws IOException {
        List<String> lines = SentencePieceTest.lines("lines.txt");
        Graphemes all = Graphemes.of(lines);
        assertThat(Tokenizers.of(all.config())).isEqualTo(all);
        assertThat(lines).allSatisfy(line -> {
            assertThat(all.decode(all.encode(line))).isEqualTo(Normalizer.normalize(line, Normalizer.Form.NFC));
            assertThat(all.encode(line)).hasSize((int) Graphemes.clusters(line).count());
        });
    }

    /** Clusters of UAX #29, as all versions of Java from 17 on give them. */
    @Test
    void charactersAreAsReadersSeeThem() {
        assertThat(Graphemes.clusters("e\u0301o\u0323\u0301" + FAMILY + "\uD83C\uDDEE\uD83C\uDDF9"))
                .containsExactly("é", "ọ\u0301", FAMILY, "\uD83C\uDDEE\uD83C\uDDF9");
        assertThat(Graphemes.clusters("\u0915\u094D\u0937\u093F")).containsExactly("\u0915\u094D", "\u0937\u093F");
        assertThat(Graphemes.clusters("\u0E19\u0E49\u0E33")).containsExactly("\u0E19\u0E49\u0E33");
        assertThat(Graphemes.clusters("\u1100\u1161\u11A8 \uFF76\uFF9E"))
                .containsExactly("\uAC01", " ", "\uFF76\uFF9E");
        assertThat(Graphemes.clusters("\u0915\u094D\u200D\u0937")).containsExactly("\u0915\u094D\u200D", "\u0937");
    }

    /** As checkpoints have it whose symbols are code points. */
    @Test
    void aTableOfCodePointsStaysOne() {
        Tokenizer old = Tokenizers.of(Map.of("symbols", " aâ\u0323र्"));
        assertThat(old.size()).isEqualTo(6);
        assertThat(old.encode("र्a")).containsExactly(4, 5, 1);
        assertThat(old.encoding("र् ạ").isWhole()).isFalse();
        assertThat(old.config()).containsExactly(Map.entry("symbols", " aâ\u0323र्"));
        assertThat(Graphemes.of(List.of("cab")).config()).containsExactly(Map.entry("symbols", "abc"));
    }

    @Test
    void aClusterThatIsNotThereIsWrittenByItsParts() {
        Graphemes parts = Graphemes.of(List.of("ला ल", "\u093Fक"));
        assertThat(parts.decode(parts.encode("लि"))).isEqualTo("लि");
        assertThat(parts.encode("ला")).hasSize(1);
    }

    /** As one text may have it with marks by the thousand. */
    @Test
    void aClusterOfManyCodePointsIsWrittenByThem() {
        String piled = "o" + "\u0323\u0301".repeat(2000);
        Graphemes parts = Graphemes.of(List.of(piled, "o" + "\u0301\u0300".repeat(7), FAMILY));
        assertThat(parts.size()).isEqualTo(5); // o with dot, acute, dot, o with all 14 marks, family
        assertThat(parts.decode(parts.encode(piled))).isEqualTo(Normalizer.normalize(piled, Normalizer.Form.NFC));
    }

    @Test
    void countsTheCharactersThatItLacks() {
        Encoding all = table.encoding("да xyz");
        assertThat(all.ids()).isEqualTo(table.encode("да "));
        assertThat(all.characters()).isEqualTo(6);
        assertThat(all.unknown()).isEqualTo(3);
    }

    @Test
    void namesACharacterThatItLacks() {
        assertThat(table.encoding("да").isWhole()).isTrue();
        assertThat(table.encoding("dä").isWhole()).isFalse();
        assertThatThrownBy(() -> table.encode("dä"))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.DATA))
                .hasMessageContaining("'d'");
    }
}
