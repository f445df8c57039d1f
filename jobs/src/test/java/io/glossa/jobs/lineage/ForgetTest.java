package io.glossa.jobs.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.glossa.jobs.Printed;
import io.glossa.jobs.spark.Session;
import io.glossa.jobs.train.TinyLake;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.LakeTable;
import io.glossa.storage.SnapshotReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is forgotten is nowhere in the lake. */
class ForgetTest {
    private static final Wanted THIRD =
            new Wanted(Set.of("rec-3"), Set.of("audio/rec-3.wav"), new TreeSet<>(Set.of("human-6", "human-7")));

    @TempDir
    Path root;

    private Lake lake;

    @BeforeEach
    void fill() {
        lake = Lake.open(LakeConfig.local(root.resolve("lake")));
        try (Session session = Session.open("test", lake)) {
            SparkSession spark = session.spark();
            TinyLake.fill(spark, lake);
            List<Row> recordings = new ArrayList<>();
            List<Row> utterances = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                String recording = "rec-" + i / 2;
                String speaker = i == 1 || i == 2 ? "ann" : "bob";
                utterances.add(TinyLake.utterance("human-" + i, recording, speaker, "a", "CC0"));
                if (i % 2 == 0) {
                    recordings.add(TinyLake.recording(recording, "a", "CC0"));
                }
            }
            TinyLake.append(spark, lake, LakeTable.RECORDINGS, recordings);
            TinyLake.append(spark, lake, LakeTable.UTTERANCES, utterances);
            TinyLake.append(
                    spark,
                    lake,
                    LakeTable.REJECTS,
                    List.of(
                            reject("x", "copy.wav", "rec-3"),
                            reject("y", "human-6", null),
                            reject("z", "human-8", null)));
        }
    }

    private static Row reject(String id, String source, String recording) {
        return RowFactory.create(id, "test", source, "code", "its text", "run", null, recording);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void aRecordingGoesOutOfAllTablesAndThenOutOfHistory() throws Exception {
        List<String> before = rows();
        String price = said("rec-3.wav");
        assertThat(price).contains("1 recordings, 2 utterances", "no model saw it", "nothing was done; --yes does it");
        assertThat(price.lines().map(line -> line.strip().replaceAll(" +", " ")))
                .contains("features 2 1", "transcripts 2 1", "utterances 2 1", "recordings 1 1", "rejects 2 1");
        assertThat(rows()).isEqualTo(before);

        said("rec-3.wav --yes --report " + root.resolve("out"));
        assertThat(Holdings.of(lake, THIRD).rows().values()).containsOnly(0L);
        assertThat(Holdings.of(lake, THIRD).snapshots().get(LakeTable.FEATURES)).hasSize(1);
        List<String> stays = before.stream()
                .filter(row -> !row.contains("rec-3") && !row.contains("human-6") && !row.contains("human-7"))
                .toList();
        assertThat(stays).hasSize(before.size() - 2 - 2 - 2 - 1 - 2);
        assertThat(rows()).isEqualTo(stays);

        lake.tag(LakeTable.FEATURES, first(LakeTable.FEATURES), "run-of-old");
        String done = said("rec-3.wav --yes --expire --report " + root.resolve("out"));
        assertThat(done).contains("report: " + root.resolve("out/report.html"), "1 of 1 snapshots expired");
        assertThat(Holdings.of(lake, THIRD).snapshots().values()).allMatch(Set::isEmpty);
        assertThat(lake.table(LakeTable.FEATURES).refs()).containsOnlyKeys("main");
        assertThat(rows()).isEqualTo(stays);
        assertThat(digests()).containsExactlyInAnyOrder("rec-3 recording", "human-6 utterance", "human-7 utterance");

        JsonNode report =
                new ObjectMapper().readTree(root.resolve("out/report.json").toFile());
        assertThat(report.get("request").asText()).isEqualTo(THIRD.digest());
        assertThat(report.get("recordings").toString()).isEqualTo("[\"rec-3\"]");
        assertThat(report.get("tables").toString())
                .as("of both times")
                .contains("{\"table\":\"features\",\"rows\":2,\"snapshots\":1,\"expired\":1}");
        assertThat(Files.readString(root.resolve("out/report.html")))
                .contains("rec-3", "What remains", "<th scope=\"row\">features</th>")
                .doesNotContain("rec-3.wav");
        assertThat(said("rec-7.wav")).contains("Cannot tell about recording 'rec-7.wav': found 0 recordings");
    }

    @Test
    @Tag("slow")
    void aSpeakerTakesOthersWordsNotAlong() throws Exception {
        assertThat(said("--speaker ann")).contains("0 recordings, 2 utterances");
        said("--speaker ann --source a --yes --expire");
        assertThat(ids(LakeTable.UTTERANCES)).hasSize(8).doesNotContain("human-1", "human-2");
        assertThat(ids(LakeTable.RECORDINGS)).hasSize(5);
        assertThat(digests()).containsExactlyInAnyOrder("human-1 utterance", "human-2 utterance");
        assertThat(said("--speaker carl")).contains("Cannot forget speaker 'carl': found no utterance of that name");
        assertThat(said(""))
                .contains("Cannot forget: found 0 recordings, no speaker and no request, expected one of them");
        assertThat(said("--request abc")).contains("Cannot go on with request 'abc': found none");
    }

    private long first(LakeTable table) {
        return lake.table(table).history().get(0).snapshotId();
    }

    /** All rows of the tables that have any of it, without what is large. */
    private List<String> rows() {
        List<String> all = new ArrayList<>();
        for (LakeTable table : Holdings.TABLES) {
            String[] columns = table.icebergSchema().columns().stream()
                    .map(column -> column.name())
                    .filter(name -> !name.equals("audio") && !name.equals("logmel"))
                    .toArray(String[]::new);
            try (Stream<GenericRecord> rows = SnapshotReader.of(
                            lake, table, lake.snapshot(table).orElseThrow())
                    .select(columns)
                    .rows()) {
                rows.map(row -> table + " " + row).sorted().forEach(all::add);
            }
        }
        return all;
    }

    private List<String> ids(LakeTable table) {
        try (Stream<GenericRecord> rows = SnapshotReader.of(
                        lake, table, lake.snapshot(table).orElseThrow())
                .rows()) {
            return rows.map(row -> row.get("id").toString()).toList();
        }
    }

    private List<String> digests() {
        try (Stream<GenericRecord> rows = SnapshotReader.of(
                        lake,
                        LakeTable.FORGOTTEN,
                        lake.snapshot(LakeTable.FORGOTTEN).orElseThrow())
                .rows()) {
            return rows.map(row -> row.get("id") + " " + row.get("kind")).toList();
        }
    }

    private String said(String what) {
        String line = ("lineage forget " + what).strip() + " --lake " + root.resolve("lake");
        return Printed.by(line.split(" ")).text();
    }
}
