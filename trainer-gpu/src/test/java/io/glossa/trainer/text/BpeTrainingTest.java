package io.glossa.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.text.TextNormalizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BpeTrainingTest {
    @TempDir
    Path folder;

    @Test
    void theMostFrequentNeighboursBecomePieces() {
        Map<String, Long> words = Map.of("aab", 4L, "ab", 3L, "c", 1L);
        SentencePiece tokenizer = SentencePiece.of(BpeTraining.train(words, 3 + 4 + 2));
        // ab is there 7 times, then the mark with a 4 times, then aab with its mark
        assertThat(tokenizer.encode("aab")).containsExactly(4, 3);
        assertThat(tokenizer.decode(new int[] {4})).isEqualTo("a");
        assertThat(tokenizer.decode(new int[] {3})).isEqualTo("ab");
        assertThat(tokenizer.unknown()).hasValue(0);
        assertThat(tokenizer.encoding("cab").isWhole()).isTrue();
        assertThat(tokenizer.encoding("cad").isWhole()).isFalse();
    }

    @Test
    void theSameWordsGiveTheSameFile() throws IOException {
        Map<String, Long> words = words();
        Map<String, Long> other = new LinkedHashMap<>();
        words.keySet().stream().sorted((a, b) -> b.compareTo(a)).forEach(word -> other.put(word, words.get(word)));
        byte[] file = BpeTraining.train(words, 700);
        assertThat(BpeTraining.train(other, 700)).isEqualTo(file);
        SentencePiece tokenizer = SentencePiece.of(file);
        assertThat(tokenizer.size()).isEqualTo(700);
        int[] lengths = new int[2];
        for (String line : sentences()) {
            int[] ids = tokenizer.encode(line);
            lengths[0] += ids.length;
            lengths[1] += line.length();
            if (tokenizer.encoding(line).isWhole()) {
                assertThat(tokenizer.decode(ids)).isEqualTo(line);
            }
        }
        assertThat(lengths[0]).isLessThan(3 * lengths[1] / 4);
    }

    @Test
    void tooFewOrTooManyPiecesAreRefused() {
        Map<String, Long> words = Map.of("abc", 2L);
        assertThatThrownBy(() -> BpeTraining.train(words, 6))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                .hasMessage(
                        "Cannot learn 6 pieces: the texts have 4 characters, expected at most 3 (at least 7 pieces)");
        assertThatThrownBy(() -> BpeTraining.train(words, 11))
                .hasMessage("Cannot learn 11 pieces: the texts give 10, expected more texts (or so few pieces)");
    }

    /** Where Debian's package sentencepiece is installed. */
    @Test
    void sentencePieceReadsTheFileAndGivesTheSameIds() throws IOException, InterruptedException {
        Path program = Path.of("/usr/bin/spm_encode");
        assumeTrue(Files.isExecutable(program), "no spm_encode");
        byte[] file = BpeTraining.train(words(), 700);
        Path model = Files.write(folder.resolve("m.model"), file);
        Path lines = Files.write(folder.resolve("lines.txt"), SentencePieceTest.fixture("lines.txt"));
        Path ids = folder.resolve("ids.txt");
        Process process = new ProcessBuilder(program.toString(), "--model=" + model, "--output_format=id")
                .redirectInput(lines.toFile())
                .redirectOutput(ids.toFile())
                .start();
        assertThat(process.waitFor()).isZero();

        SentencePiece tokenizer = SentencePiece.of(file);
        List<String> found = SentencePieceTest.lines("lines.txt").stream()
                .map(line -> Arrays.stream(tokenizer.encode(line))
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(" ")))
                .toList();
        assertThat(String.join("\n", found)).isEqualTo(Files.readString(ids, StandardCharsets.UTF_8));
    }

    private static Map<String, Long> words() throws IOException {
        Map<String, Long> words = new HashMap<>();
        sentences().forEach(line -> Stream.of(line.split(" ")).forEach(word -> words.merge(word, 1L, Long::sum)));
        return words;
    }

    private static List<String> sentences() throws IOException {
        try (var in = BpeTrainingTest.class.getResourceAsStream("sentences.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(TextNormalizer::normalize)
                    .toList();
        }
    }
}
