package io.glossa.trainer.data;

import io.glossa.error.GlossaException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How often an epoch draws from which language, and what: a pure function of how much each has, temperature, seed and epoch.
 *
 * <p>A language's share is proportional to its share of all, to the power of 1/T (Conneau et al. 2020, section 3.1; USM, Zhang et al.
 * 2023, takes T = 3 for text): T = 1 leaves shares as they are, a higher one evens them out. Its draws go through its items
 * in a random order, to the end before any is drawn again, from epoch to epoch.
 */
public final class LanguageSampling {
    private final long[] counts;
    private final long[] draws;
    private final long seed;

    private LanguageSampling(long[] counts, long[] draws, long seed) {
        this.counts = counts;
        this.draws = draws;
        this.seed = seed;
    }

    /**
     * Plans epochs.
     *
     * @param counts what each language has, at least one of them something
     * @param temperature above 0
     * @param draws of an epoch, in all
     */
    public static LanguageSampling of(long[] counts, double temperature, long draws, long seed) {
        return new LanguageSampling(counts.clone(), apportioned(shares(counts, temperature), draws), seed);
    }

    /**
     * The share of draws that each language gets; 0 for one that has nothing.
     *
     * @param temperature above 0
     * @throws GlossaException of type USER if no language has anything, or the temperature is no such number
     */
    public static double[] shares(long[] counts, double temperature) {
        if (!(temperature > 0)) {
            throw GlossaException.user(
                    "Cannot sample languages at temperature " + temperature + ", expected a number above 0");
        }
        double all = Arrays.stream(counts).sum();
        if (!(all > 0)) {
            throw GlossaException.user(
                    "Cannot sample " + counts.length + " languages: they have nothing, expected some");
        }
        double[] weights = Arrays.stream(counts)
                .mapToDouble(count -> count == 0 ? 0 : Math.pow(count / all, 1 / temperature))
                .toArray();
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / sum).toArray();
    }

    /** Whole numbers of that sum, as near to the shares as can be (largest remainders); of equal ones the first gets more. */
    private static long[] apportioned(double[] shares, long sum) {
        long[] whole =
                Arrays.stream(shares).mapToLong(share -> (long) (share * sum)).toArray();
        long left = sum - Arrays.stream(whole).sum();
        IntStream.range(0, shares.length)
                .boxed()
                .filter(i -> shares[i] > 0)
                .sorted(Comparator.comparingDouble(i -> whole[i] - shares[i] * sum))
                .limit(left)
                .forEach(i -> whole[i]++);
        return whole;
    }

    /** Draws from a language in an epoch. */
    public long draws(int language) {
        return draws[language];
    }

    /**
     * What is drawn.
     *
     * @param draw the number of a draw from the language in the epoch, from 0
     * @return the number of an item of the language, from 0
     */
    public long item(int epoch, int language, long draw) {
        long place = epoch * draws[language] + draw;
        long round = place / counts[language];
        return new Permutation(counts[language], seed, language, round).at(place % counts[language]);
    }
}
