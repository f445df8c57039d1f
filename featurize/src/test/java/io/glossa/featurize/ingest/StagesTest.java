package io.glossa.featurize.ingest;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.config.ConfigDigest;
import io.glossa.error.GlossaException;
import io.glossa.featurize.LakeRows;
import io.glossa.featurize.Speech;
import io.glossa.featurize.StageSummary;
import io.glossa.featurize.TestSpark;
import io.glossa.featurize.decode.AudioDecoder;
import io.glossa.featurize.decode.DecodeOptions;
import io.glossa.featurize.decode.Decoded;
import io.glossa.featurize.decode.FlacEncoder;
import io.glossa.featurize.decode.TestEncoder;
import io.glossa.featurize.features.FeatureCodec;
import io.glossa.featurize.features.FeaturizeStage;
import io.glossa.featurize.helper.Decoding;
import io.glossa.featurize.mel.FrontEndConfig;
import io.glossa.featurize.mel.LogMel;
import io.glossa.featurize.source.FileList;
import io.glossa.featurize.source.Labels;
import io.glossa.featurize.source.SourceFile;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.LakeTable;
import io.glossa.storage.LengthClass;
import io.glossa.storage.Lineage;
import io.glossa.storage.OrderHash;
import io.glossa.storage.SnapshotReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagesTest {
    private static final List<LakeTable> TABLES = List.of(
            LakeTable.RECORDINGS, LakeTable.UTTERANCES, LakeTable.TRANSCRIPTS, LakeTable.REJECTS, LakeTable.FEATURES);

    @TempDir
    Path folder;

    private static SparkSession shared;

    private Lake lake;
    private SparkSession spark;

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
        spark = shared.newSession();
        lake.sparkConf().forEach(spark.conf()::set);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void ingestsWhatIsAudioAndRejectsTheRest() throws IOException {
        StageSummary summary = ingest(files(), 0.5, "run-1");

        assertThat(summary.in()).isEqualTo(8);
        assertThat(summary.known()).isZero();
        assertThat(summary.out()).isEqualTo(4);
        assertThat(summary.partial()).isOne();
        assertThat(summary.duplicates()).isOne();
        assertThat(summary.rejected()).isEqualTo(Map.of("EMPTY_FILE", 1L, "NOT_AUDIO", 1L, "UNREADABLE", 1L));
        assertThat(summary.rejects()).isEqualTo(3);
        assertThat(summary.audioSeconds()).isBetween(10.0, 60.0);

        List<Map<String, Object>> recordings = rows(LakeTable.RECORDINGS);
        assertThat(recordings).hasSize(4);
        assertThat(column(recordings, "ingest_run")).containsOnly("run-1");
        assertThat(recordings.stream().filter(row -> row.get("partial").equals(true)))
                .singleElement()
                .satisfies(row -> assertThat(row.get("warning")).asString().contains("bytes of audio are there"));
        assertThat(rows(LakeTable.REJECTS)).hasSize(4);
        assertThat(column(rows(LakeTable.REJECTS), "code"))
                .containsExactlyInAnyOrder("EMPTY_FILE", "NOT_AUDIO", "UNREADABLE", "DUPLICATE");
        assertThat(column(rows(LakeTable.REJECTS), "source"))
                .anySatisfy(source -> assertThat(source).asString().endsWith("text.wav"));

        List<Map<String, Object>> transcripts = rows(LakeTable.TRANSCRIPTS);
        assertThat(column(transcripts, "text")).containsExactlyInAnyOrder("call forwarding", "hello world");
        Map<String, Object> paired = rows(LakeTable.UTTERANCES).stream()
                .filter(row -> row.get("recording_uri").toString().endsWith("paired.wav"))
                .findFirst()
                .orElseThrow();
        assertThat(paired.get("start_s")).isEqualTo(0.0);
        assertThat(column(transcripts, "utterance_id")).contains(paired.get("id"));
        List<Map<String, Object>> cut = rows(LakeTable.UTTERANCES).stream()
                .filter(row -> row.get("recording_uri").toString().endsWith("long.flac"))
                .toList();
        assertThat(cut.size()).isGreaterThan(1);
        assertThat(cut)
                .allSatisfy(row -> assertThat((double) row.get("duration_s")).isLessThanOrEqualTo(30));
        assertThat(summary.utterances()).isEqualTo(rows(LakeTable.UTTERANCES).size());
        keepsSixteenBitSamples(paired);
        carriesLineage();
    }

    private static void keepsSixteenBitSamples(Map<String, Object> utterance) {
        byte[] flac = (byte[]) utterance.get("audio");
        float[] samples = ((Decoded.Ok) AudioDecoder.decode(flac, DecodeOptions.lenient())).samples();
        assertThat(FlacEncoder.quantize(samples)).isEqualTo(FlacEncoder.quantize(Speech.wideband()));
    }

    private void carriesLineage() {
        for (LakeTable table : TABLES.subList(0, 4)) {
            Lineage lineage = Lineage.of(lake.table(table).currentSnapshot()).orElseThrow();
            assertThat(lineage.run()).isEqualTo("run-1");
            assertThat(lineage.configDigest()).isEqualTo(ConfigDigest.of(config(0.5)));
        }
    }

    @Test
    void countsWhatWasMendedAndRefusesWhatIsSilent() throws IOException {
        float[] speech = Speech.wideband();
        float[] wrong = speech.clone();
        wrong[5000] = Float.NaN;
        List<SourceFile> files = List.of(
                wav("plain.wav", "pcm_s16le", speech),
                wav("antiphase.wav", "pcm_s16le", speech, Speech.times(speech, -1)),
                wav("integers.wav", "pcm_f32le", Speech.times(speech, 32_768)),
                wav("one.wav", "pcm_f32le", wrong),
                wav("numbers.wav", "pcm_f32le", Speech.times(speech, 20)),
                wav("silent.wav", "pcm_s16le", new float[32_000]));
        StageSummary summary = ingest(files, 0.5, "run-1");

        assertThat(summary.in()).isEqualTo(6);
        assertThat(summary.out()).isEqualTo(4);
        assertThat(summary.partial()).isZero();
        assertThat(summary.mended()).isEqualTo(3);
        assertThat(summary.rejected()).isEqualTo(Map.of("BAD_SAMPLES", 1L, "NO_SPEECH", 1L));
        assertThat(summary.out() + summary.rejects()).isEqualTo(summary.in());
        assertThat(rows(LakeTable.TRANSCRIPTS)).hasSize(4);
        assertThat(column(rows(LakeTable.RECORDINGS), "partial")).containsOnly(false);
        assertThat(rows(LakeTable.RECORDINGS))
                .filteredOn(row -> row.get("warning") != null)
                .extracting(row -> row.get("warning").toString())
                .hasSize(3)
                .anySatisfy(warning -> assertThat(warning).contains("took channel 1 of 2"))
                .anySatisfy(warning -> assertThat(warning).contains("divided by 32768"))
                .anySatisfy(warning -> assertThat(warning).contains("1 of " + speech.length + " samples"));
    }

    private SourceFile wav(String name, String codec, float[]... channels) throws IOException {
        return file(
                Files.write(folder.resolve(name), TestEncoder.encode("wav", codec, 16_000, channels)), "en", "words");
    }

    @Test
    void aRepeatedRunAddsNothing() throws IOException {
        List<SourceFile> files = files();
        ingest(files, 0.5, "run-1");
        featurize("run-2");
        Map<LakeTable, Long> before = snapshots();

        StageSummary ingested = ingest(files, 0.5, "run-3");
        assertThat(ingested.known()).isEqualTo(4);
        assertThat(ingested.out()).isZero();
        assertThat(ingested.utterances()).isZero();
        assertThat(ingested.rejects()).isEqualTo(3);
        StageSummary featurized = featurize("run-4");
        assertThat(featurized.out()).isZero();
        assertThat(featurized.known()).isEqualTo(featurized.in());
        assertThat(snapshots()).isEqualTo(before);
    }

    @Test
    @Tag("slow")
    void aRunThatWasKilledAnywhereIsCompletedByTheNext() throws IOException {
        List<SourceFile> files = files();
        ingest(files, 0.5, "run");
        featurize("run");
        List<String> whole = contents();
        // A kill leaves a prefix of the commits.
        List<LakeTable> commits =
                List.of(LakeTable.REJECTS, LakeTable.UTTERANCES, LakeTable.TRANSCRIPTS, LakeTable.RECORDINGS);
        for (int written = 0; written < commits.size(); written++) {
            for (LakeTable lost : commits.subList(written, commits.size())) {
                spark.sql("DELETE FROM lake.glossa." + lost.tableName());
            }
            ingest(files, 0.5, "run");
            assertThat(contents()).as("after %d commits", written).isEqualTo(whole);
        }
        spark.sql("DELETE FROM lake.glossa.features");
        featurize("run");
        assertThat(contents()).isEqualTo(whole);
    }

    @Test
    void failsWhenTooManyAreRejected() throws IOException {
        List<SourceFile> files = files();
        assertThatThrownBy(() -> ingest(files, 0.05, "run-1"))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("found 3 rejects {EMPTY_FILE=1, NOT_AUDIO=1, UNREADABLE=1}")
                .hasMessageContaining("at most 5.0 %");
        assertThat(rows(LakeTable.REJECTS)).hasSize(3);
        assertThat(rows(LakeTable.RECORDINGS)).isEmpty();
        assertThat(rows(LakeTable.UTTERANCES)).isEmpty();
        ingest(files, 0.5, "run-2");
        assertThat(rows(LakeTable.RECORDINGS)).hasSize(4);
        assertThat(rows(LakeTable.REJECTS)).hasSize(4);
    }

    @Test
    void computesFeaturesOfEveryUtterance() throws IOException {
        ingest(files(), 0.5, "run-1");
        addTinyUtterance();
        StageSummary summary = featurize("run-2");

        List<Map<String, Object>> utterances = rows(LakeTable.UTTERANCES);
        assertThat(summary.in()).isEqualTo(utterances.size());
        assertThat(summary.out()).isEqualTo(utterances.size() - 1);
        assertThat(summary.rejected()).isEqualTo(Map.of("TOO_SHORT", 1L));
        Map<Object, Map<String, Object>> byId = new TreeMap<>();
        utterances.forEach(row -> byId.put(row.get("id"), row));
        LogMel mel = LogMel.of(FrontEndConfig.usm());
        for (Map<String, Object> row : rows(LakeTable.FEATURES)) {
            byte[] flac = (byte[]) byId.get(row.get("utterance_id")).get("audio");
            float[] samples = ((Decoded.Ok) AudioDecoder.decode(flac, DecodeOptions.lenient())).samples();
            assertThat(row.get("logmel")).isEqualTo(FeatureCodec.encode(mel.compute(samples)));
            assertThat(row.get("n_frames")).isEqualTo(mel.frames(samples.length));
            assertThat(row.get("n_mels")).isEqualTo(128);
            assertThat(row.get("config_digest")).isEqualTo(ConfigDigest.of(FrontEndConfig.usm()));
        }
        Lineage lineage =
                Lineage.of(lake.table(LakeTable.FEATURES).currentSnapshot()).orElseThrow();
        assertThat(lineage.inputs()).containsKey("utterances");
        featuresAreSortedWithinFiles();
    }

    /** As a lake may hold from elsewhere: ingest finds no speech in so little. */
    private void addTinyUtterance() {
        String table = "lake.glossa." + LakeTable.UTTERANCES.tableName();
        try {
            spark.table(table)
                    .limit(1)
                    .withColumn("id", lit("tiny"))
                    .withColumn("audio", lit(FlacEncoder.encode(new float[300])))
                    .writeTo(table)
                    .append();
        } catch (NoSuchTableException e) {
            throw new AssertionError(e);
        }
    }

    private void featuresAreSortedWithinFiles() {
        SnapshotReader reader = SnapshotReader.of(
                lake, LakeTable.FEATURES, lake.snapshot(LakeTable.FEATURES).orElseThrow());
        reader.files().forEach(file -> {
            try (Stream<GenericRecord> rows = reader.rows(List.of(file))) {
                List<GenericRecord> all = rows.toList();
                assertThat(all).extracting(row -> (Long) row.get("order_hash")).isSorted();
                assertThat(all)
                        .allSatisfy(row -> assertThat(row.get("order_hash"))
                                .isEqualTo(OrderHash.of(row.get("utterance_id").toString())));
                assertThat(all).extracting(row -> row.get("length_class")).containsOnly(LengthClass.of((int)
                        all.get(0).get("n_frames")));
            }
        });
    }

    private StageSummary ingest(List<SourceFile> files, double share, String run) {
        Lineage lineage =
                new Lineage("ingest", run, "ingest-key", Map.of(), ConfigDigest.of(config(share)), "test", null);
        try (ListingStage listing = new ListingStage(spark, new FileList(files))) {
            return new IngestStage(spark, lake, config(share), WaveConfig.standard(), lineage)
                    .run(listing, (wave, waves, count, done) -> {});
        }
    }

    private StageSummary featurize(String run) {
        long utterances = lake.snapshot(LakeTable.UTTERANCES).orElseThrow();
        FrontEndConfig frontEnd = FrontEndConfig.usm();
        Lineage lineage = new Lineage(
                "featurize",
                run,
                "featurize-key",
                Map.of("utterances", utterances),
                ConfigDigest.of(frontEnd),
                "test",
                null);
        return new FeaturizeStage(spark, lake, frontEnd, lineage).run(utterances);
    }

    private static IngestConfig config(double share) {
        return IngestConfig.standard().withMaxRejectShare(share).decodedIn(Decoding.IN_PROCESS);
    }

    /** Eight files: two with transcript, a twin of one of them, a long one, a truncated one, and three that are none. */
    private List<SourceFile> files() throws IOException {
        byte[] paired = TestEncoder.encode("wav", "pcm_s16le", 16_000, Speech.wideband());
        float[] word = Speech.telephone();
        float[] longer = Speech.join(
                word, new float[60_000], word, new float[16_000], Speech.wideband(), new float[80_000], word);
        return List.of(
                file(Files.write(folder.resolve("paired.wav"), paired), "en", "call forwarding"),
                file(Files.write(folder.resolve("twin.wav"), paired), "en", null),
                file(Files.write(folder.resolve("hello.flac"), Speech.bytes("en_telephone.flac")), "en", "hello world"),
                file(Files.write(folder.resolve("long.flac"), FlacEncoder.encode(longer)), "en", null),
                file(Files.write(folder.resolve("cut.wav"), Arrays.copyOf(paired, paired.length / 2)), "fr", null),
                file(Files.write(folder.resolve("empty.wav"), new byte[0]), "en", null),
                file(Files.writeString(folder.resolve("text.wav"), "no audio\n".repeat(100)), "en", null),
                file(folder.resolve("gone.wav"), "en", null));
    }

    private static SourceFile file(Path path, String lang, String text) {
        return SourceFile.of(
                        path.toUri().toString(),
                        path.getFileName().toString(),
                        Labels.of("test").inLanguage(lang).inSplit("train").under("CC-BY-SA-3.0"))
                .said(text == null ? null : text + ".");
    }

    private Map<LakeTable, Long> snapshots() {
        Map<LakeTable, Long> snapshots = new TreeMap<>();
        for (LakeTable table : TABLES) {
            snapshots.put(table, lake.snapshot(table).orElse(-1));
        }
        return snapshots;
    }

    private List<String> contents() {
        return LakeRows.contents(lake, TABLES);
    }

    private List<Map<String, Object>> rows(LakeTable kind) {
        return LakeRows.of(lake, kind);
    }

    private static List<Object> column(List<Map<String, Object>> rows, String name) {
        return rows.stream().map(row -> row.get(name)).toList();
    }
}
