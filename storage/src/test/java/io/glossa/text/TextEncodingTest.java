package io.glossa.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import java.nio.charset.Charset;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextEncodingTest {
    private static final String TEXT = "größer, 日本 \uD83D\uDE00\n";

    @Test
    void takesUnicodeAsItIsMarked() throws Exception {
        assertThat(TextEncoding.UNICODE.decode(TEXT.getBytes(UTF_8))).isEqualTo(TEXT);
        assertThat(TextEncoding.UNICODE.decode(("\uFEFF" + TEXT).getBytes(UTF_8)))
                .isEqualTo(TEXT);
        assertThat(TextEncoding.UNICODE.decode(("\uFEFF" + TEXT).getBytes(UTF_16LE)))
                .isEqualTo(TEXT);
        assertThat(TextEncoding.UNICODE.decode(("\uFEFF" + TEXT).getBytes(UTF_16BE)))
                .isEqualTo(TEXT);
        assertThat(TextEncoding.UNICODE.decode(new byte[0])).isEmpty();
        assertThat(TextEncoding.UNICODE.decode(hex("FFFE"))).isEmpty();
    }

    /** Latin-1, a character cut off, a surrogate, UTF-16 without mark, UTF-32, odd UTF-16, half a pair, a lost character. */
    @ParameterizedTest
    @CsvSource({
        "6772F6DF6572,             0xF6 at offset 2 is not UTF-8",
        "61E282,                   0xE2 at offset 1 is not UTF-8",
        "6161EDA080,               0xED at offset 2 is not UTF-8",
        "EFBBBF61F6,               0xF6 at offset 4 is not UTF-8",
        "680065006C00,             0x00 at offset 1 begins U+0000",
        "00680065006C,             0x00 at offset 0 begins U+0000",
        "FFFE000068000000,         0xFF at offset 0 is not UTF-8",
        "0000FEFF00000068,         0x00 at offset 0 begins U+0000",
        "FEFF006162,               0x62 at offset 4 is not UTF-16BE",
        "FFFE61003DD86100,         0x3D at offset 4 is not UTF-16LE",
        "FEFF00610000,             0x00 at offset 4 begins U+0000",
        "F09F9880EFBFBD61,         0xEF at offset 4 begins U+FFFD",
    })
    void namesTheFirstByteThatIsNoText(String bytes, String found) {
        assertThatThrownBy(() -> TextEncoding.UNICODE.decode(hex(bytes)))
                .isInstanceOf(UndecodableText.class)
                .hasMessageStartingWith("byte " + found + ", ")
                .hasMessageContaining("expected ");
    }

    @ParameterizedTest
    @CsvSource({
        "ISO-8859-1, größer",
        "windows-1251, больше",
        "Shift_JIS, 日本",
        "UTF-16LE, 日本",
        "UTF-32, 日本 größer",
        "cp437, größer"
    })
    void takesANamedEncoding(String name, String text) throws Exception {
        TextEncoding encoding = TextEncoding.named(name);

        assertThat(encoding.decode(text.getBytes(Charset.forName(name)))).isEqualTo(text);
        assertThat(encoding.decode(("\uFEFF" + text).getBytes(UTF_8))).isEqualTo(text);
        assertThat(encoding.decode(("\uFEFF" + text).getBytes(UTF_16LE))).isEqualTo(text);
    }

    @Test
    void aNamedUtf32KeepsItsMark() throws Exception {
        byte[] bytes = ("\uFEFF" + TEXT).getBytes("UTF-32LE");

        assertThat(TextEncoding.named("UTF-32LE").decode(bytes)).isEqualTo(TEXT);
        assertThat(TextEncoding.named("utf_32").decode(bytes)).isEqualTo(TEXT);
    }

    @Test
    void aNamedEncodingIsStrictToo() {
        assertThatThrownBy(() -> TextEncoding.named("windows-1252").decode(hex("616281")))
                .hasMessage("byte 0x81 at offset 2 is not windows-1252, expected windows-1252,"
                        + " or UTF-8 or UTF-16 with a byte order mark");
        assertThatThrownBy(() -> TextEncoding.named("Shift_JIS").decode(hex("6193FA93")))
                .hasMessageContaining("0x93 at offset 3 is not Shift_JIS");
        assertThatThrownBy(() -> TextEncoding.named("ascii").decode("é".getBytes(ISO_8859_1)))
                .hasMessageContaining("0xE9 at offset 0 is not US-ASCII");
        assertThatThrownBy(() -> TextEncoding.named("latin1").decode("hi".getBytes(UTF_16LE)))
                .hasMessageContaining("0x00 at offset 1 begins U+0000");
        assertThatThrownBy(() -> TextEncoding.named("UTF-16").decode(hex("0061D800")))
                .hasMessageContaining("at offset 2 is not UTF-16");
    }

    /** Every charset of this Java refuses or decodes any byte, and never writes U+FFFD. */
    @Test
    void noCharsetOfJavaReplacesABadByte() {
        for (Charset charset : Charset.availableCharsets().values()) {
            for (int b = 0; b < 256; b++) {
                byte[] bytes = {'a', (byte) b, 'b', (byte) b};
                try {
                    assertThat(TextEncoding.named(charset.name()).decode(bytes))
                            .as(charset.name())
                            .doesNotContain("\uFFFD", "\u0000");
                } catch (UndecodableText e) {
                    assertThat(e).as(charset.name()).hasMessageContaining("at offset");
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"latin-1, ISO-8859-1", "Windwos-1251, windows-1251", "utf-9, UTF-8", "'', ''", "ü$, ''"})
    void anUnknownNameIsTheUsersError(String name, String nearest) {
        assertThatThrownBy(() -> TextEncoding.named(name))
                .isInstanceOfSatisfying(
                        GlossaException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.USER))
                .hasMessageStartingWith("Cannot use encoding '" + name + "': no such encoding, expected")
                .hasMessageContaining("did you mean '" + nearest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"F6", "00"})
    void aFileThatMustBeReadIsNamed(String bytes) {
        assertThatThrownBy(() -> TextEncoding.UNICODE.decode(hex(bytes), "notes/list.txt"))
                .isInstanceOfSatisfying(
                        GlossaException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.DATA))
                .hasMessageStartingWith("Cannot read notes/list.txt: byte 0x" + bytes + " at offset 0 ");
    }

    private static byte[] hex(String bytes) {
        return HexFormat.of().parseHex(bytes);
    }
}
