package io.glossa.trainer.train;

import io.glossa.trainer.objective.SymbolTable;
import java.util.Arrays;

/**
 * How probable CTC holds a beginning of a text: the sum over all paths through the frames whose text begins so (Graves 2012,
 * "Supervised Sequence Labelling", §7.5.3; beside attention: Watanabe et al. 2017, "Hybrid CTC/Attention Architecture", §III-B).
 * Immutable; a longer beginning is made from the one before in a pass over the frames.
 */
final class CtcPrefix {
    /** What all beginnings of one utterance's text share: log-probabilities [frames × symbols], from a place in an array on. */
    private record Lattice(float[] logProbabilities, int from, int frames, int symbols) {
        double at(int frame, int symbol) {
            return logProbabilities[from + frame * symbols + symbol];
        }
    }

    private final Lattice lattice;
    private final int last;

    /** By frame: the paths up to it that spell just this, and whose last frame is of the last symbol. */
    private final double[] inSymbol;

    /** The same, whose last frame is blank. */
    private final double[] inBlank;

    private final double logProbability;

    private CtcPrefix(Lattice lattice, int last, double[] inSymbol, double[] inBlank, double logProbability) {
        this.lattice = lattice;
        this.last = last;
        this.inSymbol = inSymbol;
        this.inBlank = inBlank;
        this.logProbability = logProbability;
    }

    /**
     * The empty one, with which every text begins.
     *
     * @param logProbabilities of symbols, the blank first; frames of an utterance lie one after the other
     * @param from where its first frame's are
     * @param frames at least 1
     */
    static CtcPrefix empty(float[] logProbabilities, int from, int frames, int symbols) {
        Lattice lattice = new Lattice(logProbabilities, from, frames, symbols);
        double[] inSymbol = new double[frames];
        Arrays.fill(inSymbol, Double.NEGATIVE_INFINITY);
        double[] inBlank = new double[frames];
        double sum = 0;
        for (int t = 0; t < frames; t++) {
            sum += lattice.at(t, SymbolTable.BLANK);
            inBlank[t] = sum;
        }
        return new CtcPrefix(lattice, SymbolTable.BLANK, inSymbol, inBlank, 0);
    }

    /** The same with one more symbol, which is not the blank. */
    CtcPrefix then(int symbol) {
        int frames = lattice.frames();
        double[] symbolNow = new double[frames];
        double[] blankNow = new double[frames];
        symbolNow[0] = last == SymbolTable.BLANK ? lattice.at(0, symbol) : Double.NEGATIVE_INFINITY;
        blankNow[0] = Double.NEGATIVE_INFINITY;
        double all = symbolNow[0];
        for (int t = 1; t < frames; t++) {
            double before = symbol == last ? inBlank[t - 1] : sum(inBlank[t - 1], inSymbol[t - 1]);
            double begins = before + lattice.at(t, symbol);
            symbolNow[t] = sum(symbolNow[t - 1] + lattice.at(t, symbol), begins);
            blankNow[t] = sum(blankNow[t - 1], symbolNow[t - 1]) + lattice.at(t, SymbolTable.BLANK);
            all = sum(all, begins);
        }
        return new CtcPrefix(lattice, symbol, symbolNow, blankNow, all);
    }

    /** That a text begins so. */
    double logProbability() {
        return logProbability;
    }

    /** That it is the whole text. */
    double logProbabilityOfWhole() {
        int end = lattice.frames() - 1;
        return sum(inSymbol[end], inBlank[end]);
    }

    /** The logarithm of a sum, by the logarithms of its terms. */
    private static double sum(double a, double b) {
        double larger = Math.max(a, b);
        return larger == Double.NEGATIVE_INFINITY ? larger : larger + Math.log1p(Math.exp(Math.min(a, b) - larger));
    }
}
