package io.glossa.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SymbolTableTest {
    private final SymbolTable table = SymbolTable.of(List.of("да нет", "sí, olé 🎵"));

    @Test
    void writesWhatItReads() {
        assertThat(table.decode(table.encode("да sí 🎵"))).isEqualTo("да sí 🎵");
        assertThat(table.encode("а")).doesNotContain(SymbolTable.BLANK);
        assertThat(SymbolTable.ofText(table.text())).isEqualTo(table);
    }

    @Test
    void namesACharacterThatItLacks() {
        assertThat(table.covers("да")).isTrue();
        assertThat(table.covers("dä")).isFalse();
        assertThatThrownBy(() -> table.encode("dä")).hasMessageContaining("'d'");
    }

    @Test
    void runsCountOnceAndBlanksNotAtAll() {
        assertThat(CtcPaths.collapse(new int[] {0, 1, 1, 0, 1, 2, 2, 0})).containsExactly(1, 1, 2);
        assertThat(CtcPaths.collapse(new int[0])).isEmpty();
        assertThat(CtcPaths.framesNeeded(new int[] {1, 1, 2})).isEqualTo(4);
    }
}
