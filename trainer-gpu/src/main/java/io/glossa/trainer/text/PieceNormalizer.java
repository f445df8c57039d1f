package io.glossa.trainer.text;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * What SentencePiece does to a text before it is cut, as {@code Normalizer::Normalize} does it: characters are mapped, and spaces
 * made single, marked and put before the first word.
 *
 * @param suffix whether the mark of a space belongs to the word before it
 */
record PieceNormalizer(
        CharsMap map, boolean dummyPrefix, boolean removeExtraSpaces, boolean escapeSpaces, boolean suffix) {
    /** The mark of a space, U+2581. */
    static final String MARK = "\u2581";

    private static final byte[] MARK_BYTES = Utf8.bytes(MARK);
    private static final byte[] SPACE = {' '};

    /** @param kept strings that stay as they are */
    byte[] normalize(byte[] text, ByteTrie kept) {
        int[] length = new int[1];
        int at = 0;
        if (removeExtraSpaces) {
            while (at < text.length && Arrays.equals(prefix(text, at, kept, length), SPACE)) {
                at += length[0];
            }
        }
        if (at == text.length) {
            return new byte[0];
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(2 * text.length);
        byte[] space = escapeSpaces ? MARK_BYTES : SPACE;
        if (dummyPrefix && !suffix) {
            out.writeBytes(space);
        }
        boolean afterSpace = removeExtraSpaces;
        while (at < text.length) {
            byte[] next = prefix(text, at, kept, length);
            int from = 0;
            while (afterSpace && from < next.length && next[from] == ' ') {
                from++;
            }
            for (int i = from; i < next.length; i++) {
                if (next[i] == ' ') {
                    out.writeBytes(space);
                } else {
                    out.write(next[i]);
                }
            }
            if (from < next.length) {
                afterSpace = removeExtraSpaces && next[next.length - 1] == ' ';
            }
            at += length[0];
        }
        byte[] all = out.toByteArray();
        return end(removeExtraSpaces ? Arrays.copyOf(all, withoutSpaces(all, space)) : all, space);
    }

    private byte[] end(byte[] text, byte[] space) {
        if (!dummyPrefix || !suffix) {
            return text;
        }
        byte[] more = Arrays.copyOf(text, text.length + space.length);
        System.arraycopy(space, 0, more, text.length, space.length);
        return more;
    }

    private static int withoutSpaces(byte[] text, byte[] space) {
        int length = text.length;
        while (length >= space.length && Arrays.equals(text, length - space.length, length, space, 0, space.length)) {
            length -= space.length;
        }
        return length;
    }

    /** What a text begins with, mapped, and of how many bytes. */
    private byte[] prefix(byte[] text, int at, ByteTrie kept, int[] length) {
        length[0] = kept.longest(text, at);
        if (length[0] == 0) {
            byte[] mapped = map.replacement(text, at, length);
            if (length[0] > 0) {
                return mapped;
            }
            length[0] = Utf8.length(text, at);
        }
        return Arrays.copyOfRange(text, at, at + length[0]);
    }
}
