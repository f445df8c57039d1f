package io.glossa.trainer.train;

import io.glossa.trainer.objective.SymbolTable;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The text of one utterance, which grows by the symbol that attention, and CTC where the model has it, hold for the most probable:
 * CTC has heard how often a word was said, of which attention alone easily makes a loop (Watanabe et al. 2017, "Hybrid CTC/Attention
 * Architecture for End-to-End Speech Recognition", §III-B, with a beam of one).
 */
final class LasSearch {
    /** Symbols that CTC is asked about, the most probable by attention. */
    private static final int CANDIDATES = 8;

    private record Choice(int symbol, Optional<CtcPrefix> prefix, double score) {}

    private final SymbolPath path = new SymbolPath();
    private final int limit;
    private final double ctcWeight;
    private Optional<CtcPrefix> prefix;

    /**
     * Begins with nothing.
     *
     * @param limit symbols at most
     * @param prefix what CTC heard, if it did
     * @param ctcWeight its share
     */
    LasSearch(int limit, Optional<CtcPrefix> prefix, double ctcWeight) {
        this.limit = limit;
        this.prefix = prefix;
        this.ctcWeight = ctcWeight;
    }

    boolean isOpen() {
        return path.steps() < limit && !path.endsWithBlank();
    }

    /**
     * Adds the next symbol, or the end.
     *
     * @param logProbabilities by attention, of all symbols, the end first, from a place in an array on
     * @return what was added
     */
    int add(float[] logProbabilities, int from, int symbols) {
        Choice best = candidates(logProbabilities, from, symbols).stream()
                .map(symbol -> choice(symbol, logProbabilities[from + symbol]))
                .max(Comparator.comparingDouble(Choice::score))
                .orElseThrow();
        prefix = best.prefix();
        path.add(best.symbol(), logProbabilities[from + best.symbol()]);
        return best.symbol();
    }

    private List<Integer> candidates(float[] logProbabilities, int from, int symbols) {
        int most = prefix.isPresent() ? CANDIDATES : 1;
        return IntStream.range(0, symbols)
                .boxed()
                .sorted(Comparator.comparingDouble(symbol -> -logProbabilities[from + symbol]))
                .limit(most)
                .toList();
    }

    private Choice choice(int symbol, double byAttention) {
        if (prefix.isEmpty()) {
            return new Choice(symbol, prefix, byAttention);
        }
        CtcPrefix before = prefix.get();
        CtcPrefix after = symbol == SymbolTable.BLANK ? before : before.then(symbol);
        double now = symbol == SymbolTable.BLANK ? before.logProbabilityOfWhole() : after.logProbability();
        double byCtc = now - before.logProbability();
        return new Choice(symbol, Optional.of(after), (1 - ctcWeight) * byAttention + ctcWeight * byCtc);
    }

    /** @param frames of the utterance, 10 ms each */
    Hypothesis hypothesis(SymbolTable table, int frames) {
        return path.hypothesis(table, path.labels(), frames);
    }
}
