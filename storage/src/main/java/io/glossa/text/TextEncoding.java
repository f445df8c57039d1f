package io.glossa.text;

import io.glossa.config.Nearest;
import io.glossa.error.GlossaException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How people's texts are in bytes. A byte order mark at their start decides: they are UTF-8 or UTF-16. Without one they are
 * in the encoding that a person named, else in UTF-8. Nothing is guessed and nothing replaced.
 */
public final class TextEncoding {
    /** UTF-8, with byte order mark or without, and UTF-16 with one. */
    public static final TextEncoding UNICODE = new TextEncoding(StandardCharsets.UTF_8);

    private static final char NO_CHARACTER = '\u0000';
    private static final char LOST_CHARACTER = '\uFFFD';
    private static final String MARK = "\uFEFF";

    private final Charset unmarked;

    private TextEncoding(Charset unmarked) {
        this.unmarked = unmarked;
    }

    /**
     * Texts in an encoding that Java knows by this name.
     *
     * @throws GlossaException of type USER that names the nearest if there is none
     */
    public static TextEncoding named(String name) {
        try {
            return new TextEncoding(Charset.forName(name.strip()));
        } catch (IllegalArgumentException e) {
            throw GlossaException.user("Cannot use encoding '" + name
                            + "': no such encoding, expected one that Java knows, such as ISO-8859-1, windows-1251 or"
                            + " Shift_JIS" + Nearest.hint(name, List.of(nearest(name))))
                    .causedBy(e);
        }
    }

    /** The name by which {@link #named} gives this one. */
    public String name() {
        return unmarked.name();
    }

    /** By all names that encodings have, without what stands between letters and digits. */
    private static String nearest(String name) {
        Map<String, String> known = new TreeMap<>();
        Charset.availableCharsets().values().forEach(charset -> {
            charset.aliases().forEach(alias -> known.put(bare(alias), charset.name()));
            known.put(bare(charset.name()), charset.name());
        });
        return known.get(Nearest.of(bare(name), known.keySet()).orElseThrow());
    }

    private static String bare(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /**
     * The text without its byte order mark.
     *
     * @throws UndecodableText with the first byte that is none of this encoding, or that begins a U+0000, which is in no text,
     *     or a U+FFFD, which stands where an earlier program lost a character
     */
    public String decode(byte[] bytes) throws UndecodableText {
        Charset charset = charset(bytes);
        CharsetDecoder decoder = charset.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate((int) Math.ceil((double) bytes.length * decoder.maxCharsPerByte()));
        CoderResult end = decoder.decode(in, out, true);
        if (end.isUnderflow()) {
            end = decoder.flush(out);
        }
        String text = out.flip().toString();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == NO_CHARACTER || text.charAt(i) == LOST_CHARACTER) {
                throw new UndecodableText(bytes, offset(charset, bytes, i), unfit(text.charAt(i)));
            }
        }
        if (end.isError()) {
            throw new UndecodableText(bytes, in.position(), "is not " + charset + ", expected " + this);
        }
        return text.startsWith(MARK) ? text.substring(1) : text;
    }

    /**
     * The text of a file without which nothing can be done.
     *
     * @throws GlossaException of type DATA that names the file and what {@link #decode(byte[])} says
     */
    public String decode(byte[] bytes, String file) {
        try {
            return decode(bytes);
        } catch (UndecodableText e) {
            throw GlossaException.data("Cannot read " + file + ": " + e.getMessage())
                    .causedBy(e);
        }
    }

    /** FF FE 00 00 begins UTF-32, of which the mark is taken only if a person named it. */
    private Charset charset(byte[] bytes) {
        if (startsWith(bytes, 0xEF, 0xBB, 0xBF)) {
            return StandardCharsets.UTF_8;
        } else if (startsWith(bytes, 0xFE, 0xFF)) {
            return StandardCharsets.UTF_16BE;
        } else if (startsWith(bytes, 0xFF, 0xFE) && !startsWith(bytes, 0xFF, 0xFE, 0, 0)) {
            return StandardCharsets.UTF_16LE;
        }
        return unmarked;
    }

    private static boolean startsWith(byte[] bytes, int... start) {
        for (int i = 0; i < start.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xFF) != start[i]) {
                return false;
            }
        }
        return true;
    }

    private String unfit(char character) {
        return character == NO_CHARACTER
                ? "begins U+0000, expected " + this
                : "begins U+FFFD, which stands for a lost character, expected the text as it was before";
    }

    /** Of the byte with which a character of the text begins. */
    private static int offset(Charset charset, byte[] bytes, int character) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        charset.newDecoder().decode(in, CharBuffer.allocate(character), true);
        return in.position();
    }

    @Override
    public String toString() {
        return unmarked.equals(StandardCharsets.UTF_8)
                ? "UTF-8, or UTF-16 with a byte order mark"
                : unmarked + ", or UTF-8 or UTF-16 with a byte order mark";
    }
}
