package io.glossa.featurize.ingest;

import static io.glossa.storage.LakeTable.FEATURES;
import static io.glossa.storage.LakeTable.RECORDINGS;
import static io.glossa.storage.LakeTable.REJECTS;
import static io.glossa.storage.LakeTable.TRANSCRIPTS;
import static io.glossa.storage.LakeTable.UTTERANCES;
import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.featurize.LakeRows;
import io.glossa.featurize.Speech;
import io.glossa.featurize.StageSummary;
import io.glossa.featurize.TestSpark;
import io.glossa.featurize.decode.TestEncoder;
import io.glossa.featurize.source.SourceFile;
import io.glossa.storage.LakeTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and texts that change between two ingests: the tables end as if the folder had always been as it is. */
class IngestVersionsTest {
    @TempDir
    Path temp;

    private static SparkSession spark;

    private TestIngest ingest;

    @BeforeAll
    static void start() {
        spark = TestSpark.start();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @BeforeEach
    void open() throws IOException {
        ingest = new TestIngest(spark, Files.createDirectory(temp.resolve("audio")), temp.resolve("lake"));
    }

    @AfterEach
    void close() {
        ingest.close();
    }

    @Test
    void whateverChangedTheTablesAreThoseOfTheFolderAsItIs() throws IOException {
        ingest.write("kept", TestIngest.word(1), "Kept");
        ingest.write("touched", TestIngest.word(2), null);
        ingest.write("corrected", TestIngest.word(3), "Befour");
        ingest.write("labelled", TestIngest.word(4), null);
        ingest.write("unlabelled", TestIngest.word(5), "Before");
        ingest.write("replaced", TestIngest.word(6), "Same words");
        ingest.write("longer", TestIngest.word(7), null);
        ingest.write("swapped-1", TestIngest.word(8), "One");
        ingest.write("swapped-2", TestIngest.word(9), "Two");
        ingest.write("broken", TestIngest.word(10), "Broken");
        ingest.write("twin", TestIngest.word(11), "Twin");
        ingest.write("gone", TestIngest.word(12), null);
        assertThat(ingest.ingest().out()).isEqualTo(12);
        ingest.featurize();
        ingest.label();
        Map<String, Object> ids = utterances();
        long old = ingest.lake.snapshot(UTTERANCES).orElseThrow();

        touch("touched");
        ingest.say("corrected", "Before");
        ingest.say("labelled", "After");
        ingest.say("unlabelled", null);
        ingest.write("replaced", TestIngest.word(26), "Same words");
        ingest.write("longer", TestEncoder.encode("wav", "pcm_s16le", 16_000, Speech.telephone()), null);
        ingest.write("swapped-1", TestIngest.word(9), "One");
        ingest.write("swapped-2", TestIngest.word(8), "Two");
        Files.writeString(ingest.folder.resolve("broken.wav"), "no audio\n".repeat(100));
        ingest.write("twin", TestIngest.word(1), "Twin");
        List<String> changed = List.of("replaced", "longer", "swapped-1", "swapped-2", "broken", "twin");
        changed.forEach(this::touch);
        List<SourceFile> files = ingest.list();
        files.removeIf(file -> file.key().equals("gone.wav"));
        StageSummary summary = ingest.ingest(files);

        assertThat(summary.in()).isEqualTo(11);
        assertThat(summary.known()).isEqualTo(2);
        assertThat(summary.out()).isEqualTo(7);
        assertThat(summary.duplicates()).isOne();
        assertThat(summary.rejected()).isEqualTo(Map.of("NOT_AUDIO", 1L));
        assertThat(summary.changed()).isEqualTo(9);
        files.add(TestIngest.file(ingest.folder.resolve("gone.wav"), "unlabelled", null));
        sameAsInANewLake(files);
        onlyWhatFitsHangsOnThem(ids);
        assertThat(LakeRows.of(ingest.lake, UTTERANCES, old)).hasSize(12);
        aRepeatedRunDoesNothing(files);
    }

    private void sameAsInANewLake(List<SourceFile> files) throws IOException {
        ingest.spark.sql("DELETE FROM lake.glossa.transcripts WHERE kind = 'pseudo' AND utterance_id NOT IN"
                + " (SELECT id FROM lake.glossa.utterances)");
        try (TestIngest fresh = new TestIngest(spark, ingest.folder, temp.resolve("fresh"))) {
            fresh.ingest(files);
            assertThat(ingest.contents(RECORDINGS, UTTERANCES)).isEqualTo(fresh.contents(RECORDINGS, UTTERANCES));
            assertThat(human(ingest)).isEqualTo(human(fresh));
        }
    }

    private static List<String> human(TestIngest of) {
        return of.contents(TRANSCRIPTS).stream()
                .filter(row -> row.contains("kind=human"))
                .toList();
    }

    /** Features and pseudo-labels of what stayed as it was, and of nothing else. */
    private void onlyWhatFitsHangsOnThem(Map<String, Object> before) {
        List<Object> stayed = List.of("corrected", "gone", "kept", "touched").stream()
                .map(before::get)
                .toList();
        assertThat(ingest.column(FEATURES, "utterance_id")).containsExactlyInAnyOrderElementsOf(stayed);
        assertThat(LakeRows.of(ingest.lake, TRANSCRIPTS).stream()
                        .filter(row -> row.get("kind").equals("pseudo"))
                        .map(row -> row.get("utterance_id")))
                .containsExactlyInAnyOrderElementsOf(stayed);
    }

    private void aRepeatedRunDoesNothing(List<SourceFile> files) {
        List<String> before = ingest.contents(LakeTable.values());
        StageSummary again = ingest.ingest(files);
        assertThat(again.changed()).isZero();
        assertThat(again.out()).isZero();
        assertThat(again.known()).isEqualTo(10);
        assertThat(ingest.contents(LakeTable.values())).isEqualTo(before);
    }

    @Test
    @Tag("slow")
    void aRunThatWasKilledAnywhereIsCompletedByTheNext() throws IOException {
        ingest.write("a", TestIngest.word(1), "One");
        ingest.write("b", TestIngest.word(2), null);
        ingest.write("c", TestIngest.word(3), "Three");
        ingest.ingest();
        ingest.featurize();
        ingest.label();
        Map<LakeTable, Long> before = snapshots();
        ingest.write("a", TestIngest.word(21), "One");
        touch("a");
        ingest.say("b", "Two");
        ingest.say("c", "Tree");
        ingest.ingest();
        List<String> whole = ingest.contents(RECORDINGS, UTTERANCES, TRANSCRIPTS, FEATURES);

        List<Map.Entry<LakeTable, Snapshot>> commits = commitsSince(before);
        assertThat(commits).hasSizeGreaterThan(6);
        for (int done : drawn(commits.size())) {
            Map<LakeTable, Long> state = new TreeMap<>(before);
            commits.subList(0, done)
                    .forEach(commit ->
                            state.put(commit.getKey(), commit.getValue().snapshotId()));
            state.forEach((table, snapshot) -> ingest.lake
                    .table(table)
                    .manageSnapshots()
                    .setCurrentSnapshot(snapshot)
                    .commit());
            ingest.ingest();
            assertThat(ingest.contents(RECORDINGS, UTTERANCES, TRANSCRIPTS, FEATURES))
                    .as("after %d commits", done)
                    .isEqualTo(whole);
        }
    }

    /** Some numbers of commits after which to kill, the first and the last possible among them. */
    private static int[] drawn(int commits) {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        return new int[] {0, 1 + new Random(seed).nextInt(commits - 2), commits - 1};
    }

    private Map<LakeTable, Long> snapshots() {
        Map<LakeTable, Long> snapshots = new TreeMap<>();
        for (LakeTable table : List.of(RECORDINGS, UTTERANCES, TRANSCRIPTS, FEATURES)) {
            snapshots.put(table, ingest.lake.snapshot(table).orElseThrow());
        }
        return snapshots;
    }

    /** The commits of all tables in the order in which they were made. */
    private List<Map.Entry<LakeTable, Snapshot>> commitsSince(Map<LakeTable, Long> before) {
        List<Map.Entry<LakeTable, Snapshot>> commits = new ArrayList<>();
        before.forEach((kind, snapshot) -> {
            Table table = ingest.lake.table(kind);
            long last = table.snapshot(snapshot).sequenceNumber();
            for (Snapshot commit : table.snapshots()) {
                if (commit.sequenceNumber() > last) {
                    commits.add(Map.entry(kind, commit));
                }
            }
        });
        commits.sort(Comparator.comparing(commit -> commit.getValue().timestampMillis()));
        return commits;
    }

    @Test
    @Tag("slow")
    void aVersionThatComesBackIsAsItWas() throws IOException {
        ingest.write("a", TestIngest.word(1), "One");
        ingest.ingest();
        List<Object> first = ingest.column(UTTERANCES, "id");
        for (int loudness : new int[] {2, 1}) {
            ingest.write("a", TestIngest.word(loudness), "One");
            touch("a");
            assertThat(ingest.ingest().changed()).isOne();
            assertThat(ingest.column(RECORDINGS, "id")).hasSize(1);
        }
        assertThat(ingest.column(UTTERANCES, "id")).isEqualTo(first);
    }

    @Test
    void aLakeWithoutTimesOfChangeGetsThemWithoutReadingAnything() throws IOException {
        ingest.write("a", TestIngest.word(1), "One");
        ingest.ingest();
        ingest.lake
                .table(RECORDINGS)
                .updateSchema()
                .deleteColumn("modified_ms")
                .deleteColumn("listed")
                .commit();
        ingest.spark.sql("UPDATE lake.glossa.recordings SET source = source"); // a snapshot without the column
        StageSummary upgraded = ingest.ingest();
        assertThat(upgraded.known()).isOne();
        assertThat(upgraded.audioSeconds()).isZero();
        assertThat(ingest.column(RECORDINGS, "modified_ms"))
                .doesNotContainNull()
                .hasSize(1);

        ingest.write("a", TestIngest.word(2), "One");
        touch("a");
        assertThat(ingest.ingest().changed()).isOne();
    }

    @Test
    void recordingsOfTwoVersionsThatAreBothThereBecomeOne() throws IOException {
        ingest.write("a", TestIngest.word(1), null);
        ingest.ingest();
        ingest.spark.sql("INSERT INTO lake.glossa.recordings SELECT 'older', uri, bytes - 2, container, codec,"
                + " sample_rate, channels, duration_s, partial, warning, licence, source, lang, ingest_run, null,"
                + " domain, null"
                + " FROM lake.glossa.recordings");
        assertThat(ingest.ingest().changed()).isOne();
        assertThat(ingest.column(RECORDINGS, "id")).hasSize(1).doesNotContain("older");
    }

    @Test
    @Tag("slow")
    void aTextBesideATwinIsNotLost() throws IOException {
        ingest.write("a", TestIngest.word(1), null);
        ingest.write("b", TestIngest.word(1), null);
        assertThat(ingest.ingest().duplicates()).isOne();
        ingest.say("b", "Said");
        assertThat(ingest.ingest().out()).isOne();
        assertThat(ingest.column(TRANSCRIPTS, "raw_text")).containsExactly("Said");
        assertThat(ingest.column(RECORDINGS, "uri")).singleElement().asString().endsWith("b.wav");
        assertThat(ingest.ingest().duplicates()).isOne();
        assertThat(ingest.column(REJECTS, "source")).hasSize(2);
    }

    @Test
    @Tag("slow")
    void anotherSplitAlsoChangesWhatHangsOnIt() throws IOException {
        Path a = Files.write(ingest.folder.resolve("a.wav"), TestIngest.word(1));
        ingest.ingest(List.of(TestIngest.file(a, "train", "One")));
        ingest.featurize();
        assertThat(ingest.ingest(List.of(TestIngest.file(a, "test", "One"))).changed())
                .isOne();
        assertThat(ingest.column(UTTERANCES, "split")).containsExactly("test");
        assertThat(ingest.column(TRANSCRIPTS, "split")).containsExactly("test");
        assertThat(ingest.column(FEATURES, "split")).isEmpty();
    }

    @Test
    void featuresOfWhatWasSupersededMeanwhileAreTakenBack() throws IOException {
        ingest.write("a", TestIngest.word(1), "One");
        ingest.write("b", TestIngest.word(2), "Two");
        ingest.ingest();
        long read = ingest.lake.snapshot(UTTERANCES).orElseThrow();
        ingest.write("a", TestIngest.word(3), "One");
        touch("a");
        ingest.ingest();

        StageSummary late = ingest.featurize(read);
        assertThat(late.out()).isOne();
        assertThat(late.rejected()).isEqualTo(Map.of("SUPERSEDED", 1L));
        assertThat(ingest.column(FEATURES, "utterance_id"))
                .containsExactly(utterances().get("b"));
    }

    private Map<String, Object> utterances() {
        Map<String, Object> ids = new HashMap<>();
        for (Map<String, Object> row : LakeRows.of(ingest.lake, UTTERANCES)) {
            String uri = row.get("recording_uri").toString();
            ids.put(uri.substring(uri.lastIndexOf('/') + 1).replace(".wav", ""), row.get("id"));
        }
        return ids;
    }

    /** Gives a recording another time of change, whatever the clock's grain. */
    private void touch(String name) {
        Path file = ingest.folder.resolve(name + ".wav");
        try {
            long last = Files.getLastModifiedTime(file).toMillis();
            Files.setLastModifiedTime(file, FileTime.fromMillis(last + 2000));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
