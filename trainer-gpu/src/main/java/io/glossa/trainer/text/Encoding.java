package io.glossa.trainer.text;

/**
 * What a text became, and how much of it that says.
 *
 * @param ids of all that has one; what has none is left out, or is the unknown, of which neighbours have one in common
 * @param characters code points of the text in the tokenizer's normal form
 * @param unknown those of them that no id says
 */
public record Encoding(int[] ids, long characters, long unknown) {
    /** Whether the ids say all of the text. */
    public boolean isWhole() {
        return unknown == 0;
    }
}
