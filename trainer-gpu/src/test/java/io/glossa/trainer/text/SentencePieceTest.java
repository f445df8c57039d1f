package io.glossa.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.trainer.text.PieceModel.Kind;
import io.glossa.trainer.text.PieceModel.Piece;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Held to what SentencePiece's own programs gave, which {@code make.sh} beside the fixtures wrote down. */
class SentencePieceTest {
    @ParameterizedTest
    @ValueSource(strings = {"unigram", "unigram-bytes", "bpe", "bpe-bytes", "bpe-suffix", "char", "word"})
    void idsAndTextsAreThoseOfSentencePiece(String name) throws IOException {
        SentencePiece tokenizer = SentencePiece.of(fixture(name + ".model"));
        List<String> lines = lines("lines.txt");
        List<String> ids = lines(name + ".ids");
        List<String> texts = lines(name + ".texts");
        assertThat(lines).hasSizeGreaterThan(1500).hasSameSizeAs(ids).hasSameSizeAs(texts);
        Map<String, String> found = new LinkedHashMap<>();
        Map<String, String> expected = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            int[] encoded = tokenizer.encode(lines.get(i));
            found.put(lines.get(i), text(encoded) + "\n" + tokenizer.decode(encoded));
            expected.put(lines.get(i), ids.get(i) + "\n" + texts.get(i));
        }
        assertThat(found).containsExactlyEntriesOf(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unigram", "unigram-bytes", "bpe", "bpe-bytes", "char"})
    void whatIsKnownComesBackInItsNormalForm(String name) throws IOException {
        byte[] file = fixture(name + ".model");
        SentencePiece tokenizer = SentencePiece.of(file);
        PieceNormalizer normalizer = PieceModel.of(file).normalizer();
        int covered = 0;
        for (String line : lines("lines.txt")) {
            if (line.indexOf('\u2581') < 0
                    && tokenizer.encoding(line).isWhole()) { // a text's own mark is read as a space
                String normal = Utf8.text(normalizer.normalize(Utf8.bytes(line), new ByteTrie()))
                        .replace('\u2581', ' ');
                String bare = normal.startsWith(" ") && normalizer.dummyPrefix() ? normal.substring(1) : normal;
                assertThat(tokenizer.decode(tokenizer.encode(line))).isEqualTo(bare);
                covered++;
            }
        }
        assertThat(covered).isGreaterThan(50);
    }

    @Test
    void piecesThatAreNotToBeUsedAreTakenApart() {
        List<Piece> pieces = List.of(
                new Piece("<unk>", 0, Kind.UNKNOWN),
                new Piece("ab", -1, Kind.UNUSED),
                new Piece("abc", -2, Kind.UNUSED),
                new Piece("a", -3, Kind.NORMAL),
                new Piece("b", -4, Kind.NORMAL),
                new Piece("c", -5, Kind.NORMAL),
                new Piece("\u2581", -6, Kind.NORMAL));
        SentencePiece tokenizer = SentencePiece.of(PieceModel.bpe(pieces));
        assertThat(tokenizer.encode("abc ab")).containsExactly(6, 3, 4, 5, 6, 3, 4);
    }

    @Test
    void whatIsNoModelIsRefused() throws IOException {
        byte[] file = fixture("bpe.model");
        List<byte[]> damaged = List.of(
                new byte[0],
                "not a model".getBytes(StandardCharsets.UTF_8),
                Arrays.copyOf(file, 1000),
                PieceModel.bpe(List.of(new Piece("a", 0, Kind.NORMAL))),
                PieceModel.bpe(List.of(
                        new Piece("<unk>", 0, Kind.UNKNOWN),
                        new Piece("a", 0, Kind.NORMAL),
                        new Piece("a", 0, Kind.NORMAL))));
        assertThat(damaged)
                .allSatisfy(bytes -> assertThatThrownBy(() -> SentencePiece.of(bytes))
                        .isInstanceOfSatisfying(
                                GlossaException.class,
                                error -> assertThat(error.type()).isEqualTo(ErrorType.DATA))
                        .hasMessageContaining("expected a .model file of SentencePiece"));
    }

    @Test
    void whatCheckpointsCannotHoldIsRefused() {
        assertThatThrownBy(() -> SentencePiece.of(new byte[15_000_001]))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.DATA))
                .hasMessageContaining("15000001 bytes: expected at most 15000000");
    }

    @Test
    void countsEachCharacterThatIsUnknown() throws IOException {
        SentencePiece tokenizer = SentencePiece.of(BpeTraining.train(Map.of("ab", 9L), 7));
        Encoding found = tokenizer.encoding("ab xyz\u20AC aq");
        assertThat(found.ids()).hasSize(7);
        assertThat(found.characters()).isEqualTo(11);
        assertThat(found.unknown()).isEqualTo(5);
        assertThat(SentencePiece.of(fixture("bpe-bytes.model"))
                        .encoding("\u16A0")
                        .unknown())
                .isZero();
    }

    @Test
    void aCheckpointKeepsItAndNamesAnother() throws IOException {
        SentencePiece tokenizer = SentencePiece.of(fixture("bpe.model"));
        assertThat(Tokenizers.of(tokenizer.config())).isEqualTo(tokenizer);
        Map<String, String> mixed = new HashMap<>(tokenizer.config());
        SentencePiece other = SentencePiece.of(fixture("char.model"));
        mixed.put("tokenizer", other.digest());
        assertThatThrownBy(() -> Tokenizers.of(mixed))
                .hasMessageContaining(tokenizer.digest())
                .hasMessageContaining(other.digest());
        mixed.put("sentencepiece", "!");
        assertThatThrownBy(() -> Tokenizers.of(mixed))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.DATA))
                .hasMessageContaining("'sentencepiece' is damaged");
    }

    private static String text(int[] ids) {
        return Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(" "));
    }

    static List<String> lines(String name) throws IOException {
        return List.of(new String(fixture(name), StandardCharsets.UTF_8).split("\n", -1));
    }

    static byte[] fixture(String name) throws IOException {
        try (InputStream in = new GZIPInputStream(SentencePieceTest.class.getResourceAsStream(name + ".gz"))) {
            return in.readAllBytes();
        }
    }
}
