package io.glossa.nst;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How many of one language's hypotheses got one verdict.
 *
 * @param verdict {@code accepted} or a filter's reason
 * @param lang the language
 * @param utterances how many
 * @param share of all hypotheses in the language
 * @param seconds of audio
 */
public record FilterYield(String verdict, String lang, long utterances, double share, double seconds) {
    private static final List<String> ORDER = Stream.concat(
                    Arrays.stream(Filter.values()).map(Filter::reason), Stream.of(Filter.ACCEPTED))
            .toList();

    /** Utterances of one language that got one verdict, or some of them. */
    public record Judged(String lang, String verdict, long utterances, double seconds) {}

    /** The yields in the order in which the filters are asked, accepted last, languages in alphabetical order. */
    public static List<FilterYield> of(List<Judged> judged) {
        Map<String, Long> all = new TreeMap<>();
        Map<Map.Entry<String, String>, double[]> cells =
                new TreeMap<>(Comparator.comparing((Map.Entry<String, String> cell) -> ORDER.indexOf(cell.getKey()))
                        .thenComparing(Map.Entry::getKey)
                        .thenComparing(Map.Entry::getValue));
        for (Judged one : judged) {
            all.merge(one.lang(), one.utterances(), Long::sum);
            double[] sums = cells.computeIfAbsent(Map.entry(one.verdict(), one.lang()), cell -> new double[2]);
            sums[0] += one.utterances();
            sums[1] += one.seconds();
        }
        List<FilterYield> yields = new ArrayList<>();
        cells.forEach((cell, sums) -> yields.add(new FilterYield(
                cell.getKey(), cell.getValue(), (long) sums[0], sums[0] / all.get(cell.getValue()), sums[1])));
        return List.copyOf(yields);
    }
}
