package io.glossa.trainer.objective;

import io.glossa.error.GlossaException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The characters that a recogniser writes, numbered from 1 in the order of their code points; 0 is blank.
 *
 * <p>Equal when the characters are.
 */
public final class SymbolTable {
    public static final int BLANK = 0;

    private final int[] codePoints;
    private final Map<Integer, Integer> ids = new TreeMap<>();

    private SymbolTable(int[] codePoints) {
        this.codePoints = codePoints;
        for (int i = 0; i < codePoints.length; i++) {
            ids.put(codePoints[i], i + 1);
        }
    }

    /** Every character of these texts. */
    public static SymbolTable of(Collection<String> texts) {
        return new SymbolTable(texts.stream()
                .flatMapToInt(String::codePoints)
                .sorted()
                .distinct()
                .toArray());
    }

    /** What {@link #text} wrote. */
    public static SymbolTable ofText(String text) {
        return of(List.of(text));
    }

    /** The characters in a row. */
    public String text() {
        return new String(codePoints, 0, codePoints.length);
    }

    /** Symbols with the blank. */
    public int size() {
        return codePoints.length + 1;
    }

    public boolean covers(String text) {
        return text.codePoints().allMatch(ids::containsKey);
    }

    /**
     * The symbol of each character.
     *
     * @throws GlossaException of type DATA that names a character that is not in the table
     */
    public int[] encode(String text) {
        return text.codePoints().map(this::id).toArray();
    }

    /** The text of symbols; blanks are left out. */
    public String decode(int[] symbols) {
        return Arrays.stream(symbols)
                .filter(s -> s != BLANK)
                .mapToObj(s -> Character.toString(codePoints[s - 1]))
                .collect(Collectors.joining());
    }

    private int id(int codePoint) {
        Integer id = ids.get(codePoint);
        if (id == null) {
            throw GlossaException.data("Cannot encode the character '" + Character.toString(codePoint)
                    + "': it is not among the model's symbols, expected one of '" + text() + "'");
        }
        return id;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SymbolTable table && text().equals(table.text());
    }

    @Override
    public int hashCode() {
        return text().hashCode();
    }

    @Override
    public String toString() {
        return "'" + text() + "'";
    }
}
