package io.glossa.trainer.text;

import io.glossa.config.Sha256;
import io.glossa.error.GlossaException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Texts by characters as readers see them: extended grapheme clusters (UAX #29) of the text in NFC, in the order of their code
 * points.
 *
 * <p>Java only says which clusters a table is made of. A text takes the longest ones of the table, from its start on, which are
 * its clusters where they are in the table; so ids hang on the table alone. A cluster that is not in it is written by shorter
 * ones, down to code points, if they are there. Tables of code points, which older checkpoints have, work as they did.
 */
public final class Graphemes implements Tokenizer {
    static final String KEY = "symbols";

    private static final char END = '\n';

    /** Of clusters; Java's later versions join a consonant to the virama before it (GB9c), which is cut again. */
    private static final Pattern CLUSTER = Pattern.compile("\\X");

    private static final Pattern CONJUNCT =
            Pattern.compile("(?<=[\\p{M}\uFF9E\uFF9F])(?=[\\p{L}&&[^\u0E33\u0EB3\uFF9E\uFF9F]])");

    static final Comparator<String> BY_CODE_POINTS =
            (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

    private final List<String> clusters;
    private final Map<String, Integer> ids = new HashMap<>();
    private final int longest;

    private Graphemes(Collection<String> clusters) {
        this.clusters = List.copyOf(clusters);
        for (String cluster : this.clusters) {
            ids.put(cluster, ids.size());
        }
        longest = clusters.stream().mapToInt(String::length).max().orElse(0);
    }

    /** Every cluster of these texts but for line ends. */
    public static Graphemes of(Collection<String> texts) {
        TreeSet<String> clusters = new TreeSet<>(BY_CODE_POINTS);
        texts.forEach(text ->
                clusters(text).filter(cluster -> cluster.indexOf(END) < 0).forEach(clusters::add));
        return new Graphemes(clusters);
    }

    /** The clusters of a text, the same in all versions of Java for characters that the oldest one knows. */
    public static Stream<String> clusters(String text) {
        return CLUSTER.matcher(composed(text)).results().flatMap(cluster -> CONJUNCT.splitAsStream(cluster.group()));
    }

    /** What {@link #text} wrote; a text without line ends is one of code points. */
    static Graphemes ofText(String text) {
        return new Graphemes(
                text.indexOf(END) < 0
                        ? text.codePoints().mapToObj(Character::toString).toList()
                        : Arrays.asList(text.split(Character.toString(END))));
    }

    /** The clusters in a row, each with a line end where some are more than a code point. */
    private String text() {
        boolean single = clusters.stream().allMatch(cluster -> cluster.codePointCount(0, cluster.length()) == 1);
        return clusters.stream()
                .map(cluster -> single ? cluster : cluster + END)
                .collect(Collectors.joining());
    }

    @Override
    public int size() {
        return clusters.size();
    }

    @Override
    public OptionalInt unknown() {
        return OptionalInt.empty();
    }

    @Override
    public boolean covers(String text) {
        String composed = composed(text);
        for (int at = 0; at < composed.length(); ) {
            int length = longest(composed, at);
            if (length == 0) {
                return false;
            }
            at += length;
        }
        return true;
    }

    @Override
    public int[] encode(String text) {
        String composed = composed(text);
        List<Integer> found = new ArrayList<>();
        for (int at = 0; at < composed.length(); ) {
            int length = longest(composed, at);
            if (length == 0) {
                throw GlossaException.data("Cannot encode the character '"
                        + Character.toString(composed.codePointAt(at))
                        + "': it is not among the model's symbols, expected one of " + this);
            }
            found.add(ids.get(composed.substring(at, at + length)));
            at += length;
        }
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Of the longest cluster that the text goes on with; 0 if it goes on with none. */
    private int longest(String text, int at) {
        for (int length = Math.min(longest, text.length() - at); length > 0; length--) {
            if (ids.containsKey(text.substring(at, at + length))) {
                return length;
            }
        }
        return 0;
    }

    @Override
    public String decode(int[] symbols) {
        return Arrays.stream(symbols).mapToObj(clusters::get).collect(Collectors.joining());
    }

    @Override
    public Map<String, String> config() {
        return Map.of(KEY, text());
    }

    @Override
    public String digest() {
        return Sha256.of(KEY + END + text());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Graphemes graphemes && clusters.equals(graphemes.clusters);
    }

    @Override
    public int hashCode() {
        return clusters.hashCode();
    }

    @Override
    public String toString() {
        return "'" + String.join("", clusters) + "'";
    }

    private static String composed(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }
}
