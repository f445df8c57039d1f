package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.trainer.objective.CtcPaths;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against all paths of short utterances. */
class CtcPrefixTest {
    private static final int SEED = 3;
    private static final int SYMBOLS = 3;

    /** The utterance lies between others. */
    private static final int FROM = 2 * SYMBOLS;

    @BeforeAll
    static void printSeed() {
        System.out.println("seed " + SEED);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 12", "4, 1", "4, 11", "5, 121", "6, 112", "6, 2222", "3, 21212"})
    void isTheSumOverAllPathsThatBeginSo(int frames, String text) {
        float[] lattice = lattice(frames);
        int[] wanted = text.chars().map(digit -> digit - '0').toArray();
        double begins = 0;
        double whole = 0;
        for (int number = 0; number < Math.pow(SYMBOLS, frames); number++) {
            int[] path = new int[frames];
            double probability = 1;
            for (int t = 0, rest = number; t < frames; t++, rest /= SYMBOLS) {
                path[t] = rest % SYMBOLS;
                probability *= Math.exp(lattice[FROM + t * SYMBOLS + path[t]]);
            }
            int[] spelled = CtcPaths.collapse(path);
            boolean isPrefix =
                    spelled.length >= wanted.length && Arrays.equals(Arrays.copyOf(spelled, wanted.length), wanted);
            begins += isPrefix ? probability : 0;
            whole += Arrays.equals(spelled, wanted) ? probability : 0;
        }

        CtcPrefix prefix = CtcPrefix.empty(lattice, FROM, frames, SYMBOLS);
        for (int symbol : wanted) {
            prefix = prefix.then(symbol);
        }

        assertThat(Math.exp(prefix.logProbability())).isCloseTo(begins, within(1e-6));
        assertThat(Math.exp(prefix.logProbabilityOfWhole())).isCloseTo(whole, within(1e-6));
    }

    /** Log-probabilities of the frames, and of two before and after them. */
    private static float[] lattice(int frames) {
        Random random = new Random(SEED);
        float[] values = new float[(frames + 4) * SYMBOLS];
        for (int from = 0; from < values.length; from += SYMBOLS) {
            double sum = 0;
            for (int v = from; v < from + SYMBOLS; v++) {
                values[v] = (float) random.nextGaussian();
                sum += Math.exp(values[v]);
            }
            for (int v = from; v < from + SYMBOLS; v++) {
                values[v] -= (float) Math.log(sum);
            }
        }
        return values;
    }
}
