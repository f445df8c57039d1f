package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.objective.SymbolTable;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LasSearchTest {
    private static final SymbolTable TABLE = SymbolTable.ofText("ab");
    private static final int SYMBOLS = TABLE.size();
    private static final int A = TABLE.encode("a")[0];
    private static final int FRAMES = 12;

    /** Attention that goes on with an a for ever, though it holds the end for half as probable. */
    private static float[] loop() {
        float[] next = new float[SYMBOLS];
        Arrays.fill(next, (float) Math.log(0.01));
        next[A] = (float) Math.log(0.6);
        next[SymbolTable.BLANK] = (float) Math.log(0.3);
        return next;
    }

    @Test
    void attentionAloneGoesOnToTheLimit() {
        assertThat(text(new LasSearch(FRAMES, Optional.empty(), 0))).isEqualTo("a".repeat(FRAMES));
    }

    @Test
    void withCtcTheTextEndsWhenNothingMoreIsHeard() {
        float[] heard = new float[FRAMES * SYMBOLS];
        for (int t = 0; t < FRAMES; t++) {
            int said = t % 4 == 1 && t < 8 ? A : SymbolTable.BLANK; // twice
            for (int v = 0; v < SYMBOLS; v++) {
                heard[t * SYMBOLS + v] = (float) Math.log(v == said ? 0.998 : 0.002 / (SYMBOLS - 1));
            }
        }
        CtcPrefix ctc = CtcPrefix.empty(heard, 0, FRAMES, SYMBOLS);
        assertThat(text(new LasSearch(FRAMES, Optional.of(ctc), 0.3))).isEqualTo("aa");
    }

    private static String text(LasSearch search) {
        while (search.isOpen()) {
            search.add(loop(), 0, SYMBOLS);
        }
        return search.hypothesis(TABLE, 4 * FRAMES).text();
    }
}
