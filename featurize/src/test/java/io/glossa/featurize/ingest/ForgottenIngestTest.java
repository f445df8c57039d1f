package io.glossa.featurize.ingest;

import static io.glossa.storage.LakeTable.FORGOTTEN;
import static io.glossa.storage.LakeTable.RECORDINGS;
import static io.glossa.storage.LakeTable.REJECTS;
import static io.glossa.storage.LakeTable.TRANSCRIPTS;
import static io.glossa.storage.LakeTable.UTTERANCES;
import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.featurize.StageSummary;
import io.glossa.featurize.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was forgotten stays away, however often its source is read. */
class ForgottenIngestTest {
    private static SparkSession spark;

    @TempDir
    Path root;

    @BeforeAll
    static void start() {
        spark = TestSpark.start();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @Test
    void bytesThatWereForgottenAreRefusedUnderAnyName() throws IOException {
        Path folder = Files.createDirectory(root.resolve("audio"));
        try (TestIngest ingest = new TestIngest(spark, folder, root.resolve("lake"))) {
            ingest.write("a", TestIngest.word(1), "One");
            ingest.write("b", TestIngest.word(2), "Two");
            ingest.ingest();
            Object recording = ingest.column(RECORDINGS, "id").get(0);
            ingest.lake.table(FORGOTTEN);
            ingest.spark.sql("INSERT INTO lake.glossa.forgotten SELECT recording_id, 'recording', 'r', '2026-01-01'"
                    + " FROM lake.glossa.utterances WHERE recording_id = '" + recording + "'");
            for (String table : new String[] {"recordings WHERE id", "utterances WHERE recording_id"}) {
                ingest.spark.sql("DELETE FROM lake.glossa." + table + " = '" + recording + "'");
            }
            ingest.spark.sql("DELETE FROM lake.glossa.transcripts WHERE utterance_id NOT IN"
                    + " (SELECT id FROM lake.glossa.utterances)");
            String[] files = {"a", "b"};
            for (String name : files) {
                ingest.write("copy-of-" + name, Files.readAllBytes(folder.resolve(name + ".wav")), null);
            }

            StageSummary summary = ingest.ingest();

            assertThat(summary.rejected()).isEqualTo(Map.of("FORGOTTEN", 2L));
            assertThat(ingest.column(RECORDINGS, "id")).hasSize(1).doesNotContain(recording);
            assertThat(ingest.column(UTTERANCES, "recording_id")).doesNotContain(recording);
            assertThat(ingest.column(TRANSCRIPTS, "raw_text")).hasSize(1);
            assertThat(ingest.column(REJECTS, "code")).contains("FORGOTTEN");
            assertThat(ingest.ingest().rejected()).as("not read again").containsEntry("FORGOTTEN", 2L);
        }
    }

    @Test
    @Tag("slow")
    void oneWhoSpeaksBesideOthersStaysAwayToo() throws IOException {
        Path folder = Files.createDirectory(root.resolve("audio"));
        try (TestIngest ingest = new TestIngest(spark, folder, root.resolve("lake"))) {
            ingest.write("a", TestIngest.word(1), "One");
            ingest.write("b", TestIngest.word(2), "Two");
            ingest.ingest();
            Object utterance = ingest.column(UTTERANCES, "id").get(0);
            ingest.lake.table(FORGOTTEN);
            ingest.spark.sql(
                    "INSERT INTO lake.glossa.forgotten VALUES ('" + utterance + "', 'utterance', 'r', '2026-01-01')");
            for (String table : new String[] {"recordings", "utterances", "transcripts"}) {
                ingest.spark.sql("DELETE FROM lake.glossa." + table);
            }

            ingest.ingest();

            assertThat(ingest.column(RECORDINGS, "id")).hasSize(2);
            assertThat(ingest.column(UTTERANCES, "id")).hasSize(1).doesNotContain(utterance);
            assertThat(ingest.column(TRANSCRIPTS, "utterance_id")).hasSize(1).doesNotContain(utterance);
        }
    }
}
