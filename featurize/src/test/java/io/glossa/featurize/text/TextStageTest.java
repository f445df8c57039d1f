package io.glossa.featurize.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.glossa.config.Sha256;
import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.featurize.LakeRows;
import io.glossa.featurize.TestSpark;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextStageTest {
    private static SparkSession shared;

    @TempDir
    Path folder;

    private Lake lake;

    @BeforeAll
    static void start() {
        shared = TestSpark.start();
    }

    @AfterAll
    static void stop() {
        shared.stop();
    }

    @BeforeEach
    void open() {
        lake = Lake.open(LakeConfig.local(folder.resolve("lake")));
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void everyLineIsASentenceADuplicateOrAReject() throws IOException {
        List<TextPart> parts = List.of(
                part("plain.txt", "Uno, due!\nuno DUE\r\n\n...\ntre".getBytes(StandardCharsets.UTF_8)),
                part("bad.txt", new byte[] {'a', '\n', (byte) 0xE9, '\n', 'b', 0, '\n', (byte) 0xC3, '\n'}),
                part("long.txt", ("x".repeat(41) + "\n" + "y".repeat(40)).getBytes(StandardCharsets.UTF_8)),
                part("packed.gz", gzip("quattro\ncinque\n")),
                part("packed", zstd("cinque\nsei")),
                part("cut.gz", Arrays.copyOf(gzip(lines(20_000)), 20_000)),
                part("wide.txt", "sette\n".getBytes(StandardCharsets.UTF_16)),
                part("empty.txt", new byte[0]),
                new TextPart(folder.resolve("none.txt").toUri().toString(), 0, 10));

        TextSummary first = run("it", parts, 1);
        Map<String, Long> rejected = Map.of(
                "NO_TEXT", 2L, "TEXT_ENCODING", 4L, "TOO_LONG", 1L, "CORRUPT", 1L, "EMPTY_FILE", 1L, "UNREADABLE", 1L);
        assertThat(first.rejected()).isEqualTo(rejected);
        assertThat(first.lines()).isEqualTo(first.added() + first.repeated() + first.known() + first.rejects());
        assertThat(first.repeated()).as("uno due, cinque").isEqualTo(2);
        assertThat(first.known()).isZero();
        assertThat(first.languages()).isEqualTo(Map.of("it", first.added()));
        Map<String, Map<String, Object>> rows = sentences();
        assertThat(rows).hasSize((int) first.added());
        assertThat(rows.keySet())
                .contains("uno due", "tre", "a", "y".repeat(40), "quattro", "cinque", "sei", "satz 7", "satz 5000")
                .doesNotContain("", "b");
        assertThat(rows.get("uno due"))
                .containsEntry("id", Sha256.of("it:uno due"))
                .containsEntry("lang", "it")
                .containsEntry("source", "corpus")
                .containsEntry("licence", "CC0-1.0");
        assertThat(LakeRows.of(lake, LakeTable.REJECTS))
                .extracting(row -> Path.of(row.get("source").toString()).getFileName() + " " + row.get("code") + " "
                        + row.get("detail"))
                .contains(
                        "plain.txt NO_TEXT 2 lines, the first at byte 19: nothing is left of it without punctuation and"
                                + " spaces",
                        "long.txt TOO_LONG 1 lines, the first at byte 0: more than 40 bytes",
                        "wide.txt TEXT_ENCODING it is UTF-16, expected UTF-8",
                        "empty.txt EMPTY_FILE it has no bytes")
                .anyMatch(row -> row.startsWith("bad.txt TEXT_ENCODING 3 lines, the first at byte 2: "))
                .hasSize(7);

        List<String> before = LakeRows.contents(lake, List.of(LakeTable.SENTENCES, LakeTable.REJECTS));
        TextSummary again = run("it", parts, 1);
        assertThat(again.added()).isZero();
        assertThat(again.known()).isEqualTo(first.added());
        assertThat(LakeRows.contents(lake, List.of(LakeTable.SENTENCES, LakeTable.REJECTS)))
                .isEqualTo(before);
        assertThat(run("de", List.of(parts.get(0)), 1).languages()).containsEntry("de", 2L);
    }

    @Test
    void aFileCutAnywhereHasEachLineOnce() throws IOException {
        byte[] bytes = "eins\n\nzwei\ndrei\nvier\n".getBytes(StandardCharsets.UTF_8);
        String uri = part("cut.txt", bytes).uri();
        for (int middle = 1; middle < bytes.length; middle++) {
            List<TextPart> parts = List.of(new TextPart(uri, 0, middle), new TextPart(uri, middle, bytes.length));
            assertThat(parts.stream().flatMap(this::texts))
                    .as("cut at %d", middle)
                    .containsExactly("eins", "NO_TEXT 5", "zwei", "drei", "vier");
        }
        String packed = part("cut.gz", gzip("eins\nzwei\n")).uri();
        assertThat(Stream.of(new TextPart(packed, 0, 9), new TextPart(packed, 9, 20))
                        .flatMap(this::texts))
                .containsExactly("eins", "zwei");
        assertThat(TextPart.of("u", (64L << 20) + 1))
                .containsExactly(new TextPart("u", 0, 64 << 20), new TextPart("u", 64 << 20, (64L << 20) + 1));
    }

    private Stream<String> texts(TextPart part) {
        TextRowStage rows =
                new TextRowStage(part, config("de", 1), shared.sparkContext().hadoopConfiguration());
        Stream.Builder<String> texts = Stream.builder();
        rows.forEachRemaining(
                row -> texts.add(row.isNullAt(4) ? row.getString(1) : row.getString(4) + " " + row.getLong(3)));
        return texts.build();
    }

    @Test
    void tooManyRejectsEndTheJobBeforeAnythingIsAdded() throws IOException {
        TextPart part = part("latin.txt", "perch\u00e9\nsi\n\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> run("it", List.of(part), 0.4))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.DATA))
                .hasMessageContaining("Cannot ingest 3 lines: found 1 rejects {NO_TEXT=1, TEXT_ENCODING=1}");
        assertThat(LakeRows.of(lake, LakeTable.SENTENCES)).isEmpty();
        assertThat(LakeRows.of(lake, LakeTable.REJECTS)).hasSize(2);
        assertThat(run("it", List.of(part), 0.5).added()).isOne();
        assertThat(LakeRows.of(lake, LakeTable.REJECTS)).hasSize(2);
    }

    @Test
    void ofTwoRunsAtOnceNeitherWritesWhatTheOtherDoes() throws Exception {
        List<TextPart> parts = List.of(part("a.txt", lines(300).getBytes(StandardCharsets.UTF_8)));
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            CyclicBarrier together = new CyclicBarrier(2);
            List<Future<TextSummary>> running = IntStream.range(0, 2)
                    .mapToObj(i -> threads.submit(() -> {
                        together.await();
                        return run("it", parts, 1);
                    }))
                    .toList();
            long added = running.get(0).get().added() + running.get(1).get().added();
            assertThat(added).isEqualTo(300);
        } finally {
            threads.shutdownNow();
        }
        assertThat(LakeRows.of(lake, LakeTable.SENTENCES))
                .hasSize(300)
                .extracting(row -> row.get("id"))
                .doesNotHaveDuplicates();
    }

    private TextSummary run(String lang, List<TextPart> parts, double maxRejectShare) {
        SparkSession spark = shared.newSession();
        lake.sparkConf().forEach(spark.conf()::set);
        Lineage lineage = new Lineage("ingest-text", "run", "key", Map.of(), "digest", "test", null);
        return new TextStage(spark, lake, config(lang, maxRejectShare), lineage).run(parts);
    }

    private static TextConfig config(String lang, double maxRejectShare) {
        return new TextConfig(lang, "corpus", "CC0-1.0", 40, maxRejectShare);
    }

    private Map<String, Map<String, Object>> sentences() {
        return LakeRows.of(lake, LakeTable.SENTENCES).stream()
                .collect(Collectors.toMap(row -> row.get("text").toString(), row -> row));
    }

    private TextPart part(String name, byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve(name), bytes);
        return TextPart.of(file.toUri().toString(), bytes.length).get(0);
    }

    private static String lines(int count) {
        return IntStream.range(0, count).mapToObj(i -> "Satz " + i + ".\n").collect(Collectors.joining());
    }

    private interface Packing {
        OutputStream of(OutputStream to) throws IOException;
    }

    private static byte[] gzip(String text) throws IOException {
        return packed(text, GZIPOutputStream::new);
    }

    private static byte[] zstd(String text) throws IOException {
        return packed(text, ZstdOutputStream::new);
    }

    private static byte[] packed(String text, Packing packing) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = packing.of(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
