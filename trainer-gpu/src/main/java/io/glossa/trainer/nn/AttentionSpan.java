package io.glossa.trainer.nn;

import io.glossa.error.GlossaException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which frames a frame attends to: those of its chunk, as far as they are near. Parameters do not depend on it, so that one
 * encoder can be trained in one span and go on in another.
 *
 * <ul>
 *   <li>{@code full}: all of the utterance (Gulati et al., "Conformer", 2020).
 *   <li>{@code local:LEFT,RIGHT}: as many frames before it and after it. The local self-attention of "Google USM" (arXiv
 *       2303.01037), which pre-trains with {@code local:128,128}.
 *   <li>{@code chunk:FRAMES}: its own chunk, in every layer. The chunk-wise attention of "Google USM", §2.3, whose recognisers
 *       have chunks of 8 s, {@code chunk:200}.
 * </ul>
 *
 * @param chunk 40 ms frames of a chunk
 * @param left frames before a frame that it sees
 * @param right the same after it
 */
public record AttentionSpan(int chunk, int left, int right) {
    private static final int ALL = Integer.MAX_VALUE;

    private static final Pattern WORDS =
            Pattern.compile("(full)|local:(?<left>\\d{1,6}),(?<right>\\d{1,6})|chunk:(?<chunk>\\d{1,6})");

    /**
     * What a setting says.
     *
     * @throws GlossaException of type USER that says what is expected
     */
    static AttentionSpan parse(String text) {
        Matcher words = WORDS.matcher(text.strip());
        if (!words.matches() || number(words, "chunk") == 0) {
            throw GlossaException.user(
                    "Cannot set 'attention': found '" + text
                            + "', expected full, local:LEFT,RIGHT (frames of 40 ms, 0 or more each) or chunk:FRAMES (1 or more)");
        }
        return new AttentionSpan(number(words, "chunk"), number(words, "left"), number(words, "right"));
    }

    private static int number(Matcher words, String group) {
        return words.group(group) == null ? ALL : Integer.parseInt(words.group(group));
    }

    /** The same of utterances of so many frames. */
    public AttentionSpan of(int frames) {
        int c = Math.min(chunk, frames);
        return new AttentionSpan(c, Math.min(left, c - 1), Math.min(right, c - 1));
    }

    /** Whether frames see all of their chunk. */
    boolean isWhole() {
        return left >= chunk - 1 && right >= chunk - 1;
    }

    /** Whether utterances have chunks of a length of their own. */
    boolean isChunked() {
        return chunk != ALL;
    }

    /** How many frames a frame sees that is far from the borders of its chunk. */
    public int keys() {
        return Math.min(chunk, distances());
    }

    /** How many distances there are from a frame to those it sees. */
    public int distances() {
        return left + right + 1;
    }

    /** The setting that {@link #parse} reads. */
    String setting() {
        if (isChunked()) {
            return "chunk:" + chunk;
        }
        return left == ALL ? "full" : "local:" + left + "," + right;
    }
}
