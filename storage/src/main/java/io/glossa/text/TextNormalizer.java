package io.glossa.text;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** The form in which texts are learned and compared. */
public final class TextNormalizer {
    private static final Pattern BLANK = Pattern.compile("[^\\p{L}\\p{M}\\p{N}']+");

    private TextNormalizer() {}

    /**
     * Lower case, NFC; whatever is not a letter, a mark, a digit or the apostrophe (U+0027) becomes a space, runs of
     * spaces one, and none stands at either end.
     */
    public static String normalize(String text) {
        String composed = Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
        return BLANK.matcher(composed).replaceAll(" ").strip();
    }
}
