package io.glossa.jobs.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of words in aligned columns, the first to the left, the others to the right. */
public final class Columns {
    private static final String NEXT_LINE = "\n" + " ".repeat(Summary.INDENT);

    private Columns() {}

    /**
     * For a note of a {@link Summary}.
     *
     * @param rows all of one length; the first is the head
     */
    public static String text(List<List<String>> rows) {
        return String.join(NEXT_LINE, lines(rows));
    }

    /** A line for each. */
    public static List<String> lines(List<List<String>> rows) {
        int[] widths = IntStream.range(0, rows.get(0).size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        return IntStream.range(0, widths.length)
                .mapToObj(column -> String.format(
                        Locale.ROOT,
                        column == 0 ? "%-" + widths[0] + "s" : "%" + widths[column] + "s",
                        row.get(column)))
                .collect(Collectors.joining("  "));
    }
}
