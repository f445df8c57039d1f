package io.glossa.trainer.train;

import io.glossa.trainer.objective.SymbolTable;
import java.util.Arrays;

/** What was found most probable, step by step: a symbol, or 0 where none is named. */
final class SymbolPath {
    private static final int ROOM = 16;

    private int[] symbols = new int[ROOM];
    private int steps;
    private int named;
    private double score;
    private double namedScore;

    void add(int symbol, double logProbability) {
        if (steps == symbols.length) {
            symbols = Arrays.copyOf(symbols, 2 * steps);
        }
        symbols[steps++] = symbol;
        score += logProbability;
        if (symbol != SymbolTable.BLANK) {
            named++;
            namedScore += logProbability;
        }
    }

    int steps() {
        return steps;
    }

    /** Whether the last step names none. */
    boolean endsWithBlank() {
        return steps > 0 && symbols[steps - 1] == SymbolTable.BLANK;
    }

    /** The symbol of each step. */
    int[] symbols() {
        return Arrays.copyOf(symbols, steps);
    }

    /** Those named. */
    int[] labels() {
        return Arrays.stream(symbols, 0, steps)
                .filter(symbol -> symbol != SymbolTable.BLANK)
                .toArray();
    }

    /**
     * What was heard.
     *
     * @param labels that the path spells
     * @param frames of the utterance, 10 ms each
     */
    Hypothesis hypothesis(SymbolTable table, int[] labels, int frames) {
        double confidence = named == 0 ? 0 : Math.exp(namedScore / named);
        return new Hypothesis(table.decode(labels), table.hasUnknown(labels), score, confidence, frames);
    }
}
