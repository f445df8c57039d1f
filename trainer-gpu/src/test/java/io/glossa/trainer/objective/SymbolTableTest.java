package io.glossa.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.text.BpeTraining;
import io.glossa.trainer.text.SentencePiece;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SymbolTableTest {
    private final SymbolTable table = SymbolTable.ofText("да sí 🎵");

    @Test
    void theBlankComesBeforeTheTokenizersIds() {
        assertThat(table.size()).isEqualTo(table.tokenizer().size() + 1);
        assertThat(table.encode(" s")).containsExactly(1, 2);
    }

    @Test
    void writesWhatItReads() {
        int[] symbols = table.encode("да sí");
        assertThat(symbols).doesNotContain(SymbolTable.BLANK);
        assertThat(table.decode(symbols)).isEqualTo("да sí");
        assertThat(table.decode(new int[] {SymbolTable.BLANK, symbols[0]})).isEqualTo("д");
        assertThat(SymbolTable.ofCheckpoint(table.config())).isEqualTo(table);
        assertThat(table.encoding("dí").isWhole()).isFalse();
    }

    @Test
    void saysWhereSomethingIsUnknown() {
        assertThat(table.hasUnknown(table.encode("да sí"))).isFalse();
        SymbolTable pieces = new SymbolTable(SentencePiece.of(BpeTraining.train(Map.of("ab", 9L), 7)));
        assertThat(pieces.hasUnknown(pieces.encode("ab b"))).isFalse();
        assertThat(pieces.hasUnknown(pieces.encode("ab q"))).isTrue();
        assertThat(pieces.encoding("ab q").ids()).isEqualTo(pieces.encode("ab q"));
        assertThat(pieces.encoding("ab q").isWhole()).isFalse();
    }

    @Test
    void runsCountOnceAndBlanksNotAtAll() {
        assertThat(CtcPaths.collapse(new int[] {0, 1, 1, 0, 1, 2, 2, 0})).containsExactly(1, 1, 2);
        assertThat(CtcPaths.collapse(new int[0])).isEmpty();
        assertThat(CtcPaths.framesNeeded(new int[] {1, 1, 2})).isEqualTo(4);
    }
}
