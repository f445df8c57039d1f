package io.glossa.text;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** The form in which texts are learned and compared, for people's texts and for hypotheses. */
public final class TextNormalizer {
    private static final String NOT_AFTER_WORD = "(?<![\\p{L}\\p{M}\\p{N}])";
    private static final String NOT_BEFORE_WORD = "(?![\\p{L}\\p{N}])";

    private static final Pattern HALF_CHARACTER = Pattern.compile("\\p{Cs}");
    private static final String CHILLU_BASES = "\u0D23\u0D28\u0D30\u0D32\u0D33\u0D15";
    private static final String CHILLUS = "\u0D7A\u0D7B\u0D7C\u0D7D\u0D7E\u0D7F";
    private static final Pattern OLD_CHILLU = Pattern.compile("([" + CHILLU_BASES + "])\u0D4D\u200D");
    /** Cf, Me, and what else Unicode calls ignorable by default. */
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cf}\\p{Me}\\u034F\\u115F\\u1160\\u17B4\\u17B5"
            + "\\u180B-\\u180F\\u3164\\uFE00-\\uFE0F\\uFFA0\\x{E0000}-\\x{E0FFF}]+");

    private static final int LONGEST_QUOTATION = 300;
    private static final Pattern QUOTATION = Pattern.compile(
            NOT_AFTER_WORD + "[\u2018\u201A\u201B](.{1," + LONGEST_QUOTATION + "}?)[\u2018\u2019]" + NOT_BEFORE_WORD,
            Pattern.DOTALL);
    private static final Pattern APOSTROPHE = Pattern.compile(
            "[\u2018\u2019\u201B\u02BB\u02BC\u055A\u05F3\uFF07]|(?<=[\\p{L}\\p{M}])[\u0060\u00B4\u2032](?=\\p{L})");
    private static final Pattern L_DOT_L = Pattern.compile("(?<=l)[\u2022\u2027\u2219\u22C5](?=l)");
    private static final Pattern LOOSE_MARK = Pattern.compile("\u2139\\p{M}*|" + NOT_AFTER_WORD + "\\p{M}+");
    private static final Pattern OTHER = Pattern.compile(
            "[^\\p{L}\\p{M}\\p{N}'\u00B7]|" + NOT_AFTER_WORD + "'" + NOT_BEFORE_WORD + "|(?<!l)\u00B7|\u00B7(?!l)");
    private static final Pattern SPACES = Pattern.compile(" +");

    private TextNormalizer() {}

    /**
     * Brings a text into the form in which texts are equal when they are said alike. What is in this form stays as it is.
     * By Unicode's categories:
     *
     * <ul>
     *   <li>First comes NFC, then lower case, which is the same in all languages, then NFC again, since lower case may
     *       leave marks out of order. The Turkish {@code İ} (U+0130) becomes {@code i} with U+0307.
     *   <li>Letters (L) and numbers (N) stay as they are written: digits of all scripts, {@code ½} and {@code ⅳ} too.
     *   <li>Marks (Mn, Mc) stay with their letter or number; one that has none becomes a space.
     *   <li>Format characters (Cf) vanish without splitting a word, as do enclosing marks (Me), variation selectors and
     *       other characters that Unicode calls ignorable: soft hyphen, byte order mark, marks of direction, zero-width
     *       space. So do the joiners ZWJ and ZWNJ, which choose the shape of letters, in Persian and in the scripts of
     *       India as elsewhere; the Indic NLP Library does the same. But a Malayalam consonant with virama and ZWJ is a
     *       letter of its own, which it becomes (U+0D7A to U+0D7F).
     *   <li>Apostrophes become U+0027: U+2018, U+2019, U+201B, U+02BB, U+02BC, U+055A, U+05F3 and U+FF07, and between two
     *       letters the accents U+0060 and U+00B4 and the prime U+2032. One that touches neither letter nor number becomes a
     *       space, and so do single quotation marks that open and close around words, as in {@code ‘so’} and {@code ‚so‘}.
     *   <li>The Catalan {@code l·l} stays one word, with U+00B7, whether written with that, with U+0140 or with another dot
     *       (U+2022, U+2027, U+2219, U+22C5). Any other {@code ·} becomes a space.
     *   <li>All other categories become spaces: separators (Z), punctuation (P), symbols (S) and with them emoji, U+2139
     *       included, control characters (Cc), private and unassigned ones (Co, Cn) and halves of surrogate pairs (Cs).
     *   <li>Runs of spaces become one, and none stands at either end.
     * </ul>
     */
    public static String normalize(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFC);
        plain = HALF_CHARACTER.matcher(plain).replaceAll(" ");
        plain = OLD_CHILLU.matcher(plain).replaceAll(found -> chillu(found.group(1)));
        plain = INVISIBLE.matcher(plain).replaceAll("");
        plain = Normalizer.normalize(plain.toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
        plain = QUOTATION.matcher(plain).replaceAll(" $1 ");
        plain = APOSTROPHE.matcher(plain).replaceAll("'");
        plain = L_DOT_L.matcher(plain.replace("\u0140", "l\u00B7")).replaceAll("\u00B7");
        plain = LOOSE_MARK.matcher(plain).replaceAll(" ");
        plain = OTHER.matcher(plain).replaceAll(" ");
        return SPACES.matcher(plain).replaceAll(" ").strip();
    }

    private static String chillu(String base) {
        return CHILLUS.substring(CHILLU_BASES.indexOf(base)).substring(0, 1);
    }
}
