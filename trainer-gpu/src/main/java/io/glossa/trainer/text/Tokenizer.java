package io.glossa.trainer.text;

import io.glossa.error.GlossaException;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How a model's texts are numbers. It numbers what texts are made of, from 0; what an objective needs besides, such as CTC's
 * blank, it adds itself. Safe for several threads.
 */
public interface Tokenizer {
    /** Ids that there are. */
    int size();

    /**
     * The ids of a text.
     *
     * @throws GlossaException of type DATA that names what it has no id for, where it has no {@link #unknown} either
     */
    int[] encode(String text);

    /** The same of any text, with how much of it has no id. */
    Encoding encoding(String text);

    /** The text of ids; where all was known, encoded again it has the same. */
    String decode(int[] ids);

    /** The id that stands for what has none; empty where there is no such id. */
    OptionalInt unknown();

    /** What a checkpoint keeps of it, by key; {@link Tokenizers#of} makes it anew. */
    Map<String, String> config();

    /** Names it: two are equal if this is. Hex. */
    String digest();
}
