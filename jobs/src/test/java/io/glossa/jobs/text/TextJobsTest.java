package io.glossa.jobs.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.featurize.source.Languages;
import io.glossa.featurize.text.TextConfig;
import io.glossa.jobs.cli.Summary;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.LakeTable;
import io.glossa.trainer.text.SentencePiece;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.iceberg.Snapshot;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextJobsTest {
    private static final TextConfig CONFIG = new TextConfig("it", "poems", "CC0-1.0", 100, 0.05);

    @TempDir
    Path folder;

    @Test
    void textsBecomeSentencesAndSentencesPieces() throws Exception {
        Path texts = Files.createDirectories(folder.resolve("texts").resolve("below"));
        Files.writeString(texts.resolve("a.txt"), "Il gatto mangia.\nIl gatto mangia!\n\nUn gatto dorme,\n");
        Files.writeString(texts.resolveSibling("b.txt"), "Il cane dorme.\n");
        Files.writeString(texts.resolveSibling("_SUCCESS"), "No sentence.\n");
        String location = texts.getParent().toString();
        try (Lake lake = Lake.open(LakeConfig.local(folder.resolve("lake")));
                Session session = Session.open("test", lake)) {
            Path pieces = folder.resolve("pieces");
            assertThatThrownBy(() -> learn(lake, session, pieces))
                    .isInstanceOfSatisfying(
                            GlossaException.class,
                            error -> assertThat(error.isForWantOfInput()).isTrue());

            Summary ingested = IngestTextJob.run(location, CONFIG, lake, session.spark());
            assertThat(String.join("\n", ingested.lines()))
                    .contains("5 lines of 2 files")
                    .contains("3 sentences")
                    .contains("rejected   1: NO_TEXT 1")
                    .contains("duplicates 1: repeated 1")
                    .contains("languages  3: it 3");
            Snapshot snapshot = lake.table(LakeTable.SENTENCES).currentSnapshot();
            assertThat(snapshot.summary()).containsEntry("glossa.job", "ingest-text");
            Summary again = IngestTextJob.run(location, CONFIG, lake, session.spark());
            assertThat(again.out()).isEqualTo("0 sentences");
            assertThat(again.notes()).containsEntry("duplicates", "4: in the lake already 3, repeated 1");
            assertThat(lake.snapshot(LakeTable.SENTENCES)).hasValue(snapshot.snapshotId());

            Summary learned = learn(lake, session, pieces);
            assertThat(learned.in()).isEqualTo("3 texts");
            byte[] file = Files.readAllBytes(pieces.resolve("bpe.model"));
            assertThat(TokenizerOrigin.of(lake, SentencePiece.of(file).digest()))
                    .hasValueSatisfying(origin -> assertThat(origin.sentences())
                            .isEqualTo(lake.snapshot(LakeTable.SENTENCES).orElseThrow()));
            SentencePiece tokenizer = SentencePiece.of(file);
            assertThat(tokenizer.size()).isEqualTo(21);
            assertThat(tokenizer.decode(tokenizer.encode("il gatto"))).isEqualTo("il gatto");
            assertThat(learned.notes()).containsEntry("tokenizer", tokenizer.digest());
            learn(lake, session, pieces);
            assertThat(Files.readAllBytes(pieces.resolve("bpe.model"))).isEqualTo(file);

            List<String> sentences = IntStream.range(0x4E00, 0x4F00)
                    .mapToObj(c -> Character.toString(c).repeat(2))
                    .collect(Collectors.toCollection(ArrayList::new));
            sentences.addAll(List.of("\u9FA5 \u9FA5", "\u9FA5"));
            Dataset<String> dataset = session.spark().createDataset(sentences, Encoders.STRING());
            Map<String, Long> words = LearnedPieces.words(dataset, 65);
            assertThat(words).hasSize(1 + 32).containsEntry("\u9FA5", 3L);
            assertThat(words.keySet())
                    .filteredOn(word -> word.codePointAt(0) >= 0x4E80)
                    .hasSizeBetween(10, 25);

            assertThatThrownBy(() -> IngestTextJob.run(location + "/none", CONFIG, lake, session.spark()))
                    .isInstanceOfSatisfying(
                            GlossaException.class,
                            error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                    .hasMessageContaining("no such file or folder");
        }
    }

    private static Summary learn(Lake lake, Session session, Path folder) {
        return TokenizerJob.run(lake, session.spark(), List.of("train"), 21, Folder.of(folder), "bpe.model");
    }

    @Test
    void aLanguageHasACode() {
        assertThat(Languages.require("it")).isEqualTo("it");
        assertThatThrownBy(() -> Languages.require("italian"))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("no such code, expected one of ISO 639");
    }
}
