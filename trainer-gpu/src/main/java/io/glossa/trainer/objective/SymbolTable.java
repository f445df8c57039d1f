package io.glossa.trainer.objective;

import io.glossa.error.GlossaException;
import io.glossa.trainer.text.Graphemes;
import io.glossa.trainer.text.Tokenizer;
import io.glossa.trainer.text.Tokenizers;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What a recogniser writes: the blank, which is symbol 0, and a tokenizer's ids, which are symbols from 1 on. */
public record SymbolTable(Tokenizer tokenizer) {
    public static final int BLANK = 0;

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

    public boolean covers(String text) {
        return tokenizer.covers(text);
    }

    /**
     * The symbols of a text.
     *
     * @throws GlossaException of type DATA that names what has none
     */
    public int[] encode(String text) {
        return Arrays.stream(tokenizer.encode(text)).map(id -> id + 1).toArray();
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
