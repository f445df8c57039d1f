package io.glossa.trainer.text;

import io.glossa.config.Sha256;
import io.glossa.error.GlossaException;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Texts by characters as readers see them: extended grapheme clusters (UAX #29) of the text in NFC, in the order of their code
 * points.
 *
 * <p>Java only says which clusters a table is made of. A text takes the longest ones of the table, from its start on, which are
 * its clusters where they are in the table; so ids hang on the table alone. A cluster that is not in it is written by shorter
 * ones, down to code points, if they are there. With a table of code points, which older checkpoints have, each code point of the
 * text in NFC has an id.
 */
public final class Graphemes implements Tokenizer {
    static final String KEY = "symbols";

    private static final char END = '\n';

    /** Code points of the longest cluster that a table is made of: enough for emoji of families and for stacks of letters. */
    private static final int LONGEST = 16;

    /**
     * Of clusters; Java's later versions join a consonant to the virama before it, or to the joiner behind that (GB9c), which is
     * cut again.
     */
    private static final Pattern CLUSTER = Pattern.compile("\\X");

    private static final Pattern CONJUNCT =
            Pattern.compile("(?<=[\\p{M}\u200D\uFF9E\uFF9F])(?=[\\p{L}&&[^\u0E33\u0EB3\uFF9E\uFF9F]])");

    static final Comparator<String> BY_CODE_POINTS =
            (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

    private final List<String> clusters;
    private final ByteTrie ids = new ByteTrie();

    private Graphemes(Collection<String> clusters) {
        this.clusters = List.copyOf(clusters);
        for (int id = 0; id < this.clusters.size(); id++) {
            ids.put(Utf8.bytes(this.clusters.get(id)), id);
        }
    }

    /** Every cluster of these texts but for line ends. */
    public static Graphemes of(Collection<String> texts) {
        TreeSet<String> clusters = new TreeSet<>(BY_CODE_POINTS);
        texts.forEach(text ->
                clusters(text).filter(cluster -> cluster.indexOf(END) < 0).forEach(clusters::add));
        return new Graphemes(clusters);
    }

    /**
     * The clusters of a text, and the code points of those that have more than {@value #LONGEST}. Java's versions agree on them
     * but for characters that the older one does not know, or whose class Unicode has changed since.
     */
    public static Stream<String> clusters(String text) {
        return CLUSTER.matcher(composed(text))
                .results()
                .flatMap(cluster -> CONJUNCT.splitAsStream(cluster.group()))
                .flatMap(cluster -> length(cluster) > LONGEST ? codePoints(cluster) : Stream.of(cluster));
    }

    private static int length(String cluster) {
        return cluster.codePointCount(0, cluster.length());
    }

    private static Stream<String> codePoints(String text) {
        return text.codePoints().mapToObj(Character::toString);
    }

    /** What {@link #text} wrote; a text without line ends is one of code points. */
    static Graphemes ofText(String text) {
        return new Graphemes(
                text.indexOf(END) < 0 ? codePoints(text).toList() : Arrays.asList(text.split(Character.toString(END))));
    }

    /** The clusters in a row, each with a line end where some are more than a code point. */
    private String text() {
        boolean single = clusters.stream().allMatch(cluster -> length(cluster) == 1);
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
    public int[] encode(String text) {
        return encoding(text, character -> {
                    throw GlossaException.data("Cannot encode the character '" + character
                            + "': it is not among the model's symbols, expected one of " + this);
                })
                .ids();
    }

    @Override
    public Encoding encoding(String text) {
        return encoding(text, character -> {});
    }

    /** @param without is given each character that no cluster begins with */
    private Encoding encoding(String text, Consumer<String> without) {
        byte[] bytes = Utf8.bytes(composed(text));
        IntStream.Builder found = IntStream.builder();
        long unknown = 0;
        for (int at = 0; at < bytes.length; ) {
            int length = ids.longest(bytes, at);
            if (length == 0) {
                length = Utf8.length(bytes, at);
                without.accept(Utf8.text(Arrays.copyOfRange(bytes, at, at + length)));
                unknown++;
            } else {
                found.add(ids.value(bytes, at, at + length));
            }
            at += length;
        }
        return new Encoding(found.build().toArray(), Utf8.characters(bytes, 0, bytes.length), unknown);
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
