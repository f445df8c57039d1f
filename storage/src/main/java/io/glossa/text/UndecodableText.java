package io.glossa.text;

import java.util.Locale;

/** A text is not in the encoding in which it should be. The message names the first bad byte. */
public final class UndecodableText extends Exception {
    private static final long serialVersionUID = 1L;

    UndecodableText(byte[] bytes, int offset, String why) {
        super(
                String.format(Locale.ROOT, "byte 0x%02X at offset %d %s", bytes[offset], offset, why),
                null,
                false,
                false);
    }
}
