package io.glossa.trainer.objective;

import io.glossa.error.GlossaException;
import io.glossa.trainer.text.Encoding;
import io.glossa.trainer.text.Graphemes;
import io.glossa.trainer.text.Tokenizer;
import io.glossa.trainer.text.Tokenizers;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What a recogniser writes: the blank, which is symbol 0, and a tokenizer's ids, which are symbols from 1 on. */
public record SymbolTable(Tokenizer tokenizer) {
    public static final int BLANK = 0;

    /** What tokenizers decode bytes to that are no character. */
    private static final char NO_CHARACTER = '\uFFFD';

    /** The characters of a text. */
    public static SymbolTable ofText(String text) {
        return new SymbolTable(Graphemes.of(List.of(text)));
    }

    /** What a checkpoint's config says. */
    public static SymbolTable ofCheckpoint(Map<String, String> config) {
        return new SymbolTable(Tokenizers.of(config));
    }

    /** What {@link #ofCheckpoint} reads. */
    public Map<String, String> config() {
        return tokenizer.config();
    }

    /** Symbols with the blank. */
    public int size() {
        return tokenizer.size() + 1;
    }

    /**
     * The symbols of a text.
     *
     * @throws GlossaException of type DATA that names what has none
     */
    public int[] encode(String text) {
        return symbols(tokenizer.encode(text));
    }

    /** The symbols of any text, with how much of it has none. */
    public Encoding encoding(String text) {
        Encoding encoding = tokenizer.encoding(text);
        return new Encoding(symbols(encoding.ids()), encoding.characters(), encoding.unknown());
    }

    private static int[] symbols(int[] ids) {
        return Arrays.stream(ids).map(id -> id + 1).toArray();
    }

    /** Whether symbols leave something of a text unsaid: one stands for what has none, or bytes are no character. */
    public boolean hasUnknown(int[] symbols) {
        return tokenizer.unknown().stream()
                        .anyMatch(id -> Arrays.stream(symbols).anyMatch(symbol -> symbol == id + 1))
                || decode(symbols).indexOf(NO_CHARACTER) >= 0;
    }

    /** The text of symbols; blanks are left out. */
    public String decode(int[] symbols) {
        return tokenizer.decode(
                Arrays.stream(symbols).filter(s -> s != BLANK).map(s -> s - 1).toArray());
    }

    @Override
    public String toString() {
        return tokenizer.toString();
    }
}
