package io.glossa.trainer.text;

import io.glossa.error.GlossaException;
import io.glossa.trainer.text.PieceModel.Kind;
import io.glossa.trainer.text.PieceModel.Piece;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;

/**
 * Learns pieces from words: again and again the neighbours that are most often together become one (Sennrich et al. 2016,
 * section 3.2). Of equally frequent ones the shorter come first, then those of lower code points, so that the same words give the
 * same file.
 *
 * <p>As SentencePiece does it, a word begins with the mark of a space, and only the most frequent characters have pieces, which make
 * {@value #COVERAGE} of the text.
 */
public final class BpeTraining {
    private static final double COVERAGE = 0.9995;
    private static final int LONGEST_PIECE = 16;
    private static final int LEAST_COUNT = 2;
    private static final int NO_SYMBOL = -1;
    private static final List<Piece> SPECIAL = List.of(
            new Piece("<unk>", 0, Kind.UNKNOWN), new Piece("<s>", 0, Kind.CONTROL), new Piece("</s>", 0, Kind.CONTROL));

    private record Pair(int left, int right) {}

    /** A pair that was there so often when it was proposed. */
    private record Candidate(long count, String text, Pair pair) {}

    private static final Comparator<Candidate> BEST_FIRST = Comparator.comparingLong(Candidate::count)
            .reversed()
            .thenComparingInt(candidate -> length(candidate.text()))
            .thenComparing(Candidate::text, Graphemes.BY_CODE_POINTS)
            .thenComparingInt(candidate -> candidate.pair().left());

    private final List<String> symbols = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<int[]> words = new ArrayList<>();
    private final List<Long> counts = new ArrayList<>();
    private final Map<Pair, Long> pairs = new HashMap<>();
    private final Map<Pair, List<Integer>> places = new HashMap<>();
    private final PriorityQueue<Candidate> agenda = new PriorityQueue<>(BEST_FIRST);

    private BpeTraining() {}

    /**
     * Learns a model.
     *
     * @param words of normalised texts, without spaces, and how often each is there
     * @param size pieces in all, those for the unknown and for both ends of a text included
     * @return a {@code .model} file
     * @throws GlossaException of type USER if the words have more characters or fewer pieces than that
     */
    public static byte[] train(Map<String, Long> words, int size) {
        Map<String, Long> marked = new TreeMap<>();
        words.forEach((word, count) -> marked.put(PieceNormalizer.MARK + word, count));
        List<String> alphabet = alphabet(marked);
        int merges = size - SPECIAL.size() - alphabet.size();
        if (merges < 0) {
            throw GlossaException.user("Cannot learn " + size + " pieces: the texts have " + alphabet.size()
                    + " characters, expected at most " + (size - SPECIAL.size()) + " (at least "
                    + (alphabet.size() + SPECIAL.size()) + " pieces)");
        }
        BpeTraining training = new BpeTraining();
        alphabet.forEach(training::number);
        marked.forEach(training::add);
        training.pairs.keySet().forEach(training::propose);
        while (training.symbols.size() < alphabet.size() + merges) {
            Candidate best = training.best();
            if (best == null) {
                throw GlossaException.user("Cannot learn " + size + " pieces: the texts give "
                        + (SPECIAL.size() + training.symbols.size()) + ", expected more texts (or so few pieces)");
            }
            training.merge(best);
        }
        return PieceModel.bpe(pieces(training.symbols, alphabet.size()));
    }

    /** The earlier a piece was made the better, and characters last. */
    private static List<Piece> pieces(List<String> symbols, int characters) {
        List<Piece> pieces = new ArrayList<>(SPECIAL);
        List<String> ordered = new ArrayList<>(symbols.subList(characters, symbols.size()));
        ordered.addAll(symbols.subList(0, characters));
        for (int i = 0; i < ordered.size(); i++) {
            pieces.add(new Piece(ordered.get(i), -i, Kind.NORMAL));
        }
        return pieces;
    }

    /** The characters that have pieces, the most frequent first. */
    private static List<String> alphabet(Map<String, Long> words) {
        Map<String, Long> frequency = new TreeMap<>(Graphemes.BY_CODE_POINTS);
        words.forEach((word, count) ->
                word.codePoints().forEach(c -> frequency.merge(Character.toString(c), count, Long::sum)));
        long all = frequency.values().stream().mapToLong(Long::longValue).sum();
        List<String> alphabet = new ArrayList<>();
        long covered = 0;
        List<Map.Entry<String, Long>> ordered = frequency.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .toList();
        for (Map.Entry<String, Long> character : ordered) {
            if (covered >= COVERAGE * all) {
                break;
            }
            alphabet.add(character.getKey());
            covered += character.getValue();
        }
        return alphabet;
    }

    private int number(String symbol) {
        return numbers.computeIfAbsent(symbol, text -> {
            symbols.add(text);
            return symbols.size() - 1;
        });
    }

    private void add(String word, long count) {
        int[] characters = word.codePoints()
                .map(c -> numbers.getOrDefault(Character.toString(c), NO_SYMBOL))
                .toArray();
        words.add(characters);
        counts.add(count);
        count(characters, count);
        for (Pair pair : pairsOf(characters)) {
            places.computeIfAbsent(pair, p -> new ArrayList<>()).add(words.size() - 1);
        }
    }

    private void count(int[] word, long count) {
        for (int i = 1; i < word.length; i++) {
            if (word[i - 1] != NO_SYMBOL && word[i] != NO_SYMBOL) {
                pairs.merge(new Pair(word[i - 1], word[i]), count, Long::sum);
            }
        }
    }

    private static Set<Pair> pairsOf(int[] word) {
        Set<Pair> found = new HashSet<>();
        for (int i = 1; i < word.length; i++) {
            if (word[i - 1] != NO_SYMBOL && word[i] != NO_SYMBOL) {
                found.add(new Pair(word[i - 1], word[i]));
            }
        }
        return found;
    }

    private void propose(Pair pair) {
        long count = pairs.getOrDefault(pair, 0L);
        String text = symbols.get(pair.left()) + symbols.get(pair.right());
        if (count >= LEAST_COUNT && length(text) <= LONGEST_PIECE) {
            agenda.add(new Candidate(count, text, pair));
        }
    }

    /** The most frequent pair; one that has become rarer is proposed anew. Null if there is none. */
    private Candidate best() {
        for (Candidate top = agenda.poll(); top != null; top = agenda.poll()) {
            long now = pairs.getOrDefault(top.pair(), 0L);
            if (now == top.count()) {
                return top;
            }
            if (now < top.count()) {
                propose(top.pair());
            }
        }
        return null;
    }

    private void merge(Candidate best) {
        int joined = number(best.text());
        Set<Pair> grown = new HashSet<>();
        for (int place : places.remove(best.pair())) {
            int[] word = words.get(place);
            int[] merged = merged(word, best.pair(), joined);
            if (merged.length < word.length) {
                count(word, -counts.get(place));
                count(merged, counts.get(place));
                Set<Pair> before = pairsOf(word);
                for (Pair pair : pairsOf(merged)) {
                    if (!before.contains(pair)) {
                        places.computeIfAbsent(pair, p -> new ArrayList<>()).add(place);
                    }
                    if (pair.left() == joined || pair.right() == joined) {
                        grown.add(pair);
                    }
                }
                words.set(place, merged);
            }
        }
        pairs.remove(best.pair());
        grown.forEach(this::propose);
    }

    private static int[] merged(int[] word, Pair pair, int joined) {
        int[] merged = new int[word.length];
        int length = 0;
        for (int i = 0; i < word.length; i++) {
            boolean both = i + 1 < word.length && word[i] == pair.left() && word[i + 1] == pair.right();
            merged[length++] = both ? joined : word[i];
            i += both ? 1 : 0;
        }
        return Arrays.copyOf(merged, length);
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
