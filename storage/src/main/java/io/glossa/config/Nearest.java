package io.glossa.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known word that someone most likely meant. */
public final class Nearest {
    private Nearest() {}

    /**
     * The known word with the smallest edit distance (insert, delete, replace, swap of neighbours), ties in alphabetical
     * order.
     *
     * @return empty if {@code known} is empty
     */
    public static Optional<String> of(String word, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt((String candidate) -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** The nearest known word as the end of a message, such as " (did you mean 'cuda'?)"; nothing if none is known. */
    public static String hint(String word, Collection<String> known) {
        return of(word, known)
                .map(nearest -> " (did you mean '" + nearest + "'?)")
                .orElse("");
    }

    /** Optimal string alignment distance. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                d[i][j] = i == 0 ? j : j == 0 ? i : cell(d, a, b, i, j);
            }
        }
        return d[a.length()][b.length()];
    }

    private static int cell(int[][] d, String a, String b, int i, int j) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int best = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + (same ? 0 : 1));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
    }
}
