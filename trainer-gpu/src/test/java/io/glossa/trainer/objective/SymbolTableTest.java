package io.glossa.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;

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
        assertThat(table.covers("dí")).isFalse();
    }

    @Test
    void runsCountOnceAndBlanksNotAtAll() {
        assertThat(CtcPaths.collapse(new int[] {0, 1, 1, 0, 1, 2, 2, 0})).containsExactly(1, 1, 2);
        assertThat(CtcPaths.collapse(new int[0])).isEmpty();
        assertThat(CtcPaths.framesNeeded(new int[] {1, 1, 2})).isEqualTo(4);
    }
}
