package io.glossa.jobs.evaluate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Edit distance (insert, delete, replace, each at cost 1) between two sequences. */
public final class Levenshtein {
    private Levenshtein() {}

    /** One step of an alignment; null stands for no symbol on that side. */
    public record Edit<T>(T reference, T hypothesis) {
        public boolean matches() {
            return reference != null && reference.equals(hypothesis);
        }
    }

    /** The least number of edits that turn {@code a} into {@code b}, in O(|a|·|b|) time and O(|b|) memory. */
    public static <T> int distance(List<T> a, List<T> b) {
        int[] row = new int[b.size() + 1];
        for (int j = 0; j <= b.size(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.size(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.size(); j++) {
                int above = row[j];
                int replaced = diagonal + (a.get(i - 1).equals(b.get(j - 1)) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.size()];
    }

    /** A shortest alignment, replacements before insertions and deletions, in O(|a|·|b|) memory. */
    public static <T> List<Edit<T>> alignment(List<T> a, List<T> b) {
        int[][] d = table(a, b);
        Deque<Edit<T>> edits = new ArrayDeque<>();
        int i = a.size();
        int j = b.size();
        while (i > 0 || j > 0) {
            boolean same = i > 0 && j > 0 && a.get(i - 1).equals(b.get(j - 1));
            if (i > 0 && j > 0 && d[i][j] == d[i - 1][j - 1] + (same ? 0 : 1)) {
                edits.addFirst(new Edit<>(a.get(--i), b.get(--j)));
            } else if (j > 0 && d[i][j] == d[i][j - 1] + 1) {
                edits.addFirst(new Edit<>(null, b.get(--j)));
            } else {
                edits.addFirst(new Edit<>(a.get(--i), null));
            }
        }
        return List.copyOf(edits);
    }

    private static <T> int[][] table(List<T> a, List<T> b) {
        int[][] d = new int[a.size() + 1][b.size() + 1];
        for (int i = 0; i <= a.size(); i++) {
            for (int j = 0; j <= b.size(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                } else {
                    int same = a.get(i - 1).equals(b.get(j - 1)) ? 0 : 1;
                    d[i][j] = Math.min(d[i - 1][j - 1] + same, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                }
            }
        }
        return d;
    }
}
