package io.glossa.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    private static final int UTTERANCES = 150;

    /** Of many samples with a known error rate, about 95 % must give an interval that holds it. */
    @Test
    void intervalHoldsTheTrueRateAboutAsOftenAsItSays() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int samples = 300;
        int held = 0;
        for (int s = 0; s < samples; s++) {
            int[] lengths = lengths(random);
            int[] errors = errors(random, lengths, 0.3);
            held += new Bootstrap(UTTERANCES, s).interval(errors, lengths).contains(0.3) ? 1 : 0;
        }
        assertThat(held / (double) samples).isBetween(0.88, 0.99);
    }

    @Test
    void pairedDifferenceIsNarrowerThanTheRates() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int[] lengths = lengths(random);
        int[] worse = errors(random, lengths, 0.5);
        int[] better = Arrays.stream(worse).map(n -> n - n / 5).toArray();
        Bootstrap bootstrap = new Bootstrap(UTTERANCES, 1);

        Interval difference = bootstrap.difference(better, worse, lengths);
        Interval rate = bootstrap.interval(worse, lengths);

        assertThat(difference.high()).isNegative();
        assertThat(difference.high() - difference.low()).isLessThan(rate.high() - rate.low());
    }

    private static int[] lengths(Random random) {
        return random.ints(UTTERANCES, 5, 80).toArray();
    }

    private static int[] errors(Random random, int[] lengths, double rate) {
        return Arrays.stream(lengths)
                .map(length ->
                        (int) random.doubles(length).filter(x -> x < rate).count())
                .toArray();
    }
}
