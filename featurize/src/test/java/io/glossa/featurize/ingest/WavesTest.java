package io.glossa.featurize.ingest;

import static io.glossa.storage.LakeTable.RECORDINGS;
import static io.glossa.storage.LakeTable.REJECTS;
import static io.glossa.storage.LakeTable.TRANSCRIPTS;
import static io.glossa.storage.LakeTable.UTTERANCES;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.featurize.Speech;
import io.glossa.featurize.StageSummary;
import io.glossa.featurize.TestSpark;
import io.glossa.featurize.decode.TestEncoder;
import io.glossa.featurize.source.AudioFolder;
import io.glossa.featurize.source.Source;
import io.glossa.storage.LakeTable;
import io.glossa.text.TextEncoding;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run in several waves, from a folder that is listed to the tables. */
class WavesTest {
    private static final LakeTable[] TABLES = {RECORDINGS, UTTERANCES, TRANSCRIPTS, REJECTS};
    private static final WaveConfig THREE_FILES = new WaveConfig(1_000_000_000, 3);

    @TempDir
    Path temp;

    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = TestSpark.start();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @Test
    void endInTheTablesOfOneAndGoOnWhereARunWasKilled() throws IOException {
        Path folder = fill();
        Source source = new AudioFolder(folder.toString(), TextEncoding.UNICODE);
        try (TestIngest whole = new TestIngest(spark, folder, temp.resolve("whole"));
                TestIngest waves = new TestIngest(spark, folder, temp.resolve("waves"))) {
            StageSummary once = whole.ingest(source, WaveConfig.standard(), (wave, count, files, done) -> {});
            assertThat(once.in()).isEqualTo(10);
            assertThat(once.out()).isEqualTo(7);
            assertThat(once.duplicates()).isOne();
            assertThat(once.rejected()).isEqualTo(Map.of("NOT_AUDIO", 1L, "EMPTY_FILE", 1L));
            assertThat(once.known()).isZero();

            // Killed before its third wave: what the first two wrote is there, and is not read again.
            assertThatThrownBy(() -> waves.ingest(source, THREE_FILES, (wave, count, files, done) -> {
                        if (wave == 2) {
                            throw new IllegalStateException("killed");
                        }
                    }))
                    .hasMessage("killed");
            int written = waves.column(RECORDINGS, "id").size();
            assertThat(written).isPositive().isLessThan(7);
            List<Long> files = new ArrayList<>();
            StageSummary rest = waves.ingest(source, THREE_FILES, (wave, count, open, done) -> {
                files.add(open);
                assertThat(count).isEqualTo((int) Math.ceil(open / 3.0));
            });

            assertThat(rest.in()).isEqualTo(10);
            assertThat(rest.known()).isEqualTo(written);
            assertThat(rest.known() + rest.out() + rest.duplicates() + rest.rejects())
                    .isEqualTo(10);
            assertThat(files).allMatch(open -> open == 4);
            assertThat(waves.contents(TABLES)).isEqualTo(whole.contents(TABLES));
            assertThat(again(waves, source)).isEqualTo(10);
        }
    }

    /** All that a task sends back is far smaller than the recording. */
    @Test
    void noAudioReachesTheDriver() throws Exception {
        Path folder = Files.createDirectories(temp.resolve("audio"));
        float[][] words = new float[60][];
        Arrays.fill(words, Speech.wideband());
        Files.write(folder.resolve("long.wav"), TestEncoder.encode("wav", "pcm_s16le", 16_000, Speech.join(words)));
        Files.writeString(folder.resolve("long.txt"), "Call forwarding, sixty times");
        AtomicLong most = new AtomicLong();
        SparkListener results = new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                most.accumulateAndGet(end.taskMetrics().resultSize(), Math::max);
            }
        };
        try (TestIngest ingest = new TestIngest(spark, folder, temp.resolve("lake"))) {
            spark.sparkContext().addSparkListener(results);
            ingest.ingest(
                    new AudioFolder(folder.toString(), TextEncoding.UNICODE),
                    WaveConfig.standard(),
                    (wave, waves, files, done) -> {});
            spark.sparkContext().listenerBus().waitUntilEmpty();
            byte[] audio = (byte[]) ingest.column(UTTERANCES, "audio").get(0);
            assertThat(most.get()).isBetween(1L, audio.length / 5L);
        } finally {
            spark.sparkContext().removeSparkListener(results);
        }
    }

    /** A third run reads nothing, writes nothing, and says of every file what became of it. */
    private static long again(TestIngest waves, Source source) {
        List<String> before = waves.contents(TABLES);
        StageSummary again = waves.ingest(
                source,
                THREE_FILES,
                (wave, count, open, done) -> assertThat(open).isZero());
        assertThat(waves.contents(TABLES)).isEqualTo(before);
        assertThat(again.audioSeconds()).isZero();
        assertThat(again.known()).isEqualTo(7);
        assertThat(again.duplicates()).isOne();
        assertThat(again.rejected()).isEqualTo(Map.of("NOT_AUDIO", 1L, "EMPTY_FILE", 1L));
        return again.in();
    }

    /** A twin of a file that is changed becomes a recording itself. */
    @Test
    @Tag("slow")
    void aRejectIsReadAgainWhenItMayBeOneNoMore() throws IOException {
        Path folder = fill();
        Source source = new AudioFolder(folder.toString(), TextEncoding.UNICODE);
        try (TestIngest ingest = new TestIngest(spark, folder, temp.resolve("lake"))) {
            IngestStage.Watch nobody = (wave, waves, files, done) -> {};
            ingest.ingest(source, THREE_FILES, nobody);
            Object taken = ingest.column(RECORDINGS, "uri").stream()
                    .filter(uri -> uri.toString().matches(".*(word 0|twin).wav"))
                    .findFirst()
                    .orElseThrow();
            Path original = Path.of(URI.create(taken.toString()));
            Files.write(original, TestIngest.word(40));
            Files.setLastModifiedTime(original, FileTime.fromMillis(1_700_000_000_000L));
            Files.write(folder.resolve("empty.wav"), TestIngest.word(41));
            StageSummary changed = ingest.ingest(source, THREE_FILES, nobody);

            assertThat(changed.out()).isEqualTo(3);
            assertThat(changed.changed()).isOne();
            assertThat(changed.rejected()).isEqualTo(Map.of("NOT_AUDIO", 1L));
            assertThat(changed.known()).isEqualTo(6);
            assertThat(ingest.column(RECORDINGS, "id")).hasSize(9).doesNotHaveDuplicates();
        }
    }

    @Test
    void areBoundedByBytesAndFilesAndHoldEachFileOnce() {
        List<Row> files = IntStream.range(0, 1000)
                .mapToObj(i -> RowFactory.create("file-" + i, i % 50 == 0 ? 5000L : 100L))
                .toList();
        Dataset<Row> listed = spark.createDataFrame(
                        files, new StructType().add("uri", "string").add("bytes", "long"))
                .withColumn(KnownFilesStage.REFUSED, lit(null).cast("string"))
                .repartition(7);
        try (WavesStage waves = new WavesStage(spark, listed, new WaveConfig(10_000, 70))) {
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < waves.waves(); i++) {
                List<Row> wave = waves.wave(i).collectAsList();
                assertThat(wave).as("wave %d", i).isNotEmpty().hasSizeLessThanOrEqualTo(71);
                assertThat(wave.stream().mapToLong(row -> row.getLong(1)).sum()).isLessThanOrEqualTo(10_000 + 5000);
                wave.forEach(row -> assertThat(seen.add(row.getString(0))).isTrue());
            }
            assertThat(seen).hasSize(1000);
            assertThat(waves.files()).isEqualTo(1000);
            assertThat(waves.waves()).isBetween(20, 35);
        }
    }

    /** Seven recordings of names that are hard on URIs, a twin, and two that are none. */
    private Path fill() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("audio"));
        int loudness = 0;
        for (String name : List.of("word 0", "100%", "a#b", "what?", "12:30", "größe", "чай")) {
            Files.write(folder.resolve(name + ".wav"), TestIngest.word(loudness));
            Files.writeString(folder.resolve(name + ".txt"), "Call forwarding " + loudness++);
        }
        Files.write(folder.resolve("twin.wav"), TestIngest.word(0));
        Files.writeString(folder.resolve("twin.txt"), "Call forwarding");
        Files.write(folder.resolve("empty.wav"), new byte[0]);
        Files.writeString(folder.resolve("text.wav"), "no audio\n".repeat(100));
        return folder;
    }
}
