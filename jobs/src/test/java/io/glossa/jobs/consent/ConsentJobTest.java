package io.glossa.jobs.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.jobs.cli.Summary;
import io.glossa.jobs.spark.Session;
import io.glossa.jobs.train.TinyLake;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.LakeTable;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a file of terms to what a run may not use. */
class ConsentJobTest {
    private static final String HEAD =
            "recording,speaker,source,licence,purposes,territories,expires,revoked,evidence\n";
    private static final String EVIDENCE = "0123456789abcdef".repeat(4);

    @TempDir
    static Path root;

    private static Session session;
    private static SparkSession spark;

    @TempDir
    Path folder;

    private Lake lake;

    @BeforeAll
    static void open() {
        try (Lake lake = Lake.open(LakeConfig.local(root))) {
            session = Session.open("test", lake);
            spark = session.spark();
        }
    }

    @AfterAll
    static void close() {
        session.close();
    }

    /** Spark knows one warehouse, so that all tests have one lake, whose table each of them empties. */
    private void lake(String csv) throws Exception {
        lake = Lake.open(LakeConfig.local(root));
        if (lake.snapshot(LakeTable.UTTERANCES).isEmpty()) {
            TinyLake.append(
                    spark,
                    lake,
                    LakeTable.UTTERANCES,
                    List.of(
                            TinyLake.utterance("u1", "r-1", "ann", "a", "CC0"),
                            TinyLake.utterance("u2", "r-2", "ann", "a", "CC0"),
                            TinyLake.utterance("u3", "r-3", "ann", "b", "CC0"),
                            TinyLake.utterance("u4", "r-4", "bob", "a", "CC-BY"),
                            TinyLake.utterance("u5", "r-5", null, "a", "CC0")));
        }
        lake.table(LakeTable.CONSENT);
        spark.sql("DELETE FROM lake.glossa.consent");
        run("terms.csv", csv);
    }

    private Summary run(String name, String csv) throws Exception {
        Path file = Files.writeString(folder.resolve(name), HEAD + csv);
        return ConsentJob.run(file.toString(), lake, spark);
    }

    @Test
    void badRowsAreCountedAndTheRestIsTheTable() throws Exception {
        lake("");
        Summary summary = run(
                "bad.csv",
                "r-1,,,,,,,2026-01-01,\n" // good
                        + ",ann,a,,\"Commercial, research\",it;DE,2030-01-31,," + EVIDENCE + "\n" // good
                        + ",,,,research,,,,\n"
                        + "r-2,,,,,,soon,,\n"
                        + "r-2,,,,,,,2026-02-30,\n"
                        + "r-2,,,,,,,,abc\n"
                        + "r-2,,,,,\n"
                        + "r-3,,,,research,,,,\n"
                        + "r-3,,,,any,,,,\n");

        assertThat(summary.rejected())
                .isEqualTo(Map.of("no-subject", 1L, "bad-date", 2L, "bad-digest", 1L, "malformed", 1L, "doubled", 1L));
        assertThat(summary.in()).isEqualTo("9 rows");
        assertThat(summary.out()).isEqualTo("3 subjects added, 0 with other terms");
        assertThat(table("recording", "speaker", "purposes", "territories", "expires", "revoked", "evidence"))
                .containsExactlyInAnyOrder(
                        "[r-1,null,null,null,null,2026-01-01,null]",
                        "[null,ann,commercial research,DE IT,2030-01-31,null," + EVIDENCE + "]",
                        "[r-3,null,null,null,null,null,null]");
        List<Row> rejects = spark.table("lake.glossa.rejects")
                .where("stage = 'consent' and code = 'bad-date'")
                .collectAsList();
        assertThat(rejects)
                .extracting(row -> row.<String>getAs("detail"))
                .contains("expires is 'soon', expected YYYY-MM-DD");
        assertThat(rejects).extracting(row -> row.<String>getAs("source")).contains(folder.resolve("bad.csv") + ":4");
    }

    @Test
    @Tag("slow")
    void aLaterFileHasTheLastWordAndTheSameOneDoesNothing() throws Exception {
        lake("r-1,,,,research,,,,\nr-2,,,,,,,2026-01-01,\n");
        long before = lake.snapshot(LakeTable.CONSENT).orElseThrow();
        assertThat(run("terms.csv", "r-1,,,,research,,,,\nr-2,,,,,,,2026-01-01,\n")
                        .out())
                .isEqualTo("0 subjects added, 0 with other terms");
        assertThat(lake.snapshot(LakeTable.CONSENT)).hasValue(before);

        spark.createDataFrame(
                        List.of(new Line("r-1", "commercial"), new Line("r-2", null), new Line("r-3", "research")),
                        Line.class)
                .write()
                .parquet(folder.resolve("later").toString());
        Summary summary = ConsentJob.run(folder.resolve("later").toString(), lake, spark);

        assertThat(summary.out()).isEqualTo("1 subjects added, 2 with other terms");
        assertThat(summary.warnings()).isEqualTo(Map.of("revocation taken back", 1L));
        assertThat(table("recording", "purposes", "revoked"))
                .containsExactlyInAnyOrder("[r-1,commercial,null]", "[r-2,null,null]", "[r-3,research,null]");
        assertThat(lake.table(LakeTable.CONSENT).snapshot(before)).isNotNull();
    }

    /** A row of Parquet with some columns. */
    public static final class Line implements Serializable {
        private static final long serialVersionUID = 1L;
        private final String recording;
        private final String purposes;

        Line(String recording, String purposes) {
            this.recording = recording;
            this.purposes = purposes;
        }

        public String getRecording() {
            return recording;
        }

        public String getPurposes() {
            return purposes;
        }
    }

    @Test
    void anotherColumnIsRefusedWithItsNearest() throws Exception {
        lake("");
        Path file = Files.writeString(folder.resolve("x.csv"), "recording,purpose\nr-1,research\n");
        assertThatThrownBy(() -> ConsentJob.run(file.toString(), lake, spark))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                .hasMessageContaining("found a column 'purpose', expected some of recording")
                .hasMessageContaining("did you mean 'purposes'?");
        assertThatThrownBy(() -> ConsentJob.run(folder.resolve("none.csv").toString(), lake, spark))
                .hasMessageStartingWith("Cannot read consent from");
    }

    @Test
    void eachRowThatSpeaksOfAnUtteranceMustAllowItsUse() throws Exception {
        lake(
                "r-1,,,,,,,2026-07-01,\n" // from that day on
                        + "audio/r-2.wav,,,CC-BY,,,,,\n"
                        + ",ann,b,,research,,,,\n"
                        + ",,a,CC-BY,,IT,,,\n"
                        + ",,,CC0,,,2026-07-01,,\n");

        assertThat(barred("2026-07-01", "purpose=research", "territory=it"))
                .as("whose words are not there any more, nobody can tell")
                .isEqualTo(Map.of("u1", "consent-revoked", "u2", "consent-licence", "gone", "unknown-utterance"));
        assertThat(barred("2026-06-30", "purpose=commercial"))
                .isEqualTo(Map.of(
                        "u2",
                        "consent-licence",
                        "u3",
                        "consent-purpose",
                        "u4",
                        "consent-territory",
                        "gone",
                        "unknown-utterance"));
        assertThat(barred("2026-07-02", "purpose=research", "territory=it"))
                .containsEntry("u5", "consent-expired")
                .doesNotContainKey("u4");
    }

    @Test
    @Tag("slow")
    void whereConsentIsRequiredSilenceIsANo() throws Exception {
        lake(",ann,,,,,,,\n");
        assertThat(barred("2026-07-01", "consent=required"))
                .isEqualTo(Map.of("u4", "no-consent", "u5", "no-consent", "gone", "unknown-utterance"));
        assertThat(barred("2026-07-01")).isEmpty();

        lake(",ann,,CC-BY,,,,,\n,,a,CC0,,,,,\n");
        assertThat(run("later.csv", ",ann,,CC0,,,,,\n,,a,CC-BY,,,,,\n").out())
                .as("the licence is what was granted, or part of what is named")
                .isEqualTo("1 subjects added, 1 with other terms");
        assertThat(table("speaker", "source", "licence"))
                .containsExactlyInAnyOrder("[ann,null,CC0]", "[null,a,CC0]", "[null,a,CC-BY]");
    }

    @Test
    void aRunIsOfOnePurpose() {
        assertThatThrownBy(() -> Usage.of(Map.of("purpose", "research, commercial")))
                .hasMessage(
                        "Cannot set 'purpose': found 'research, commercial', expected one word, which says what the run is");
        assertThatThrownBy(() -> Usage.of(Map.of("violation", "stop")))
                .hasMessageContaining("did you mean 'violations'?");
    }

    private Map<String, String> barred(String date, String... set) {
        Map<String, String> settings = new TreeMap<>();
        for (String each : set) {
            settings.put(each.split("=")[0], each.split("=")[1]);
        }
        Terms now = Terms.now(lake, Usage.of(settings));
        Bars bars = Bars.of(spark, lake, new Terms(now.usage(), now.consent(), now.utterances(), date, ""));
        Dataset<Row> asked = spark.sql("SELECT id AS utterance_id FROM lake.glossa.utterances UNION ALL SELECT 'gone'");
        Map<String, String> found = new TreeMap<>();
        if (!bars.isNone()) {
            bars.among(asked.union(asked)).collectAsList().forEach(row -> {
                assertThat(row.getString(2)).isNotBlank();
                assertThat(found.put(row.getString(0), row.getString(1))).isNull();
            });
        }
        return found;
    }

    private List<String> table(String... columns) {
        return spark.table("lake.glossa.consent").selectExpr(columns).collectAsList().stream()
                .map(Row::toString)
                .toList();
    }
}
