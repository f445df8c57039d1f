package io.glossa.trainer.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Characters in bytes, as SentencePiece takes them. */
final class Utf8 {
    private static final String LOST = "\uFFFD";
    private static final Pattern HALF_CHARACTER = Pattern.compile("\\p{Cs}");

    private Utf8() {}

    /** A text in bytes; halves of surrogate pairs become U+FFFD. */
    static byte[] bytes(String text) {
        return HALF_CHARACTER.matcher(text).replaceAll(LOST).getBytes(StandardCharsets.UTF_8);
    }

    /** The bytes that the character at a place has by its first one, as far as they are there. */
    static int length(byte[] text, int at) {
        int lead = text[at] & 0xFF;
        int length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        return Math.min(length, text.length - at);
    }

    /** How many characters begin in a range. */
    static int characters(byte[] text, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += (text[i] & 0xC0) == 0x80 ? 0 : 1;
        }
        return count;
    }

    /** The text of any bytes; each that belongs to no character becomes U+FFFD. */
    static String text(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < bytes.length; ) {
            int length = length(bytes, at);
            try {
                text.append(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, length)));
                at += length;
            } catch (CharacterCodingException e) {
                text.append(LOST);
                at++;
            }
        }
        return text.toString();
    }
}
