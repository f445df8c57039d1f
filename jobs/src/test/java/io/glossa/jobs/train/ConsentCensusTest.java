package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.featurize.frontend.FrontEnd;
import io.glossa.featurize.frontend.FrontEndChoice;
import io.glossa.jobs.consent.ConsentJob;
import io.glossa.jobs.consent.Terms;
import io.glossa.jobs.consent.Usage;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.lake.StoredFeatures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A census takes nobody's speech against their consent. */
@Tag("slow")
class ConsentCensusTest {
    private static final Buckets BUCKETS = Buckets.of(List.of(40, 80), 3.2);
    private static final String HEAD = "recording,speaker,revoked\n";

    @TempDir
    static Path root;

    private static Lake lake;
    private static Session session;
    private static SparkSession spark;
    private static FrontEnd frontEnd;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() throws Exception {
        lake = Lake.open(LakeConfig.local(root.resolve("lake")));
        session = Session.open("test", lake);
        spark = session.spark();
        TinyLake.fill(spark, lake);
        frontEnd = FrontEndChoice.ONLY.in(lake, snapshot(LakeTable.FEATURES), "train", TinyLake.MELS);
        List<Row> utterances = spark.table("lake.glossa.features").collectAsList().stream()
                .map(row -> row.<String>getAs("utterance_id"))
                .map(id -> TinyLake.utterance(id, "r-" + id, id.startsWith("pseudo") ? "ann" : "bob", "a", "CC0"))
                .toList();
        TinyLake.append(spark, lake, LakeTable.UTTERANCES, utterances);
        consent("r-human-3,,2020-01-01\nr-long,,2020-01-01\nr-pseudo-0,,2020-01-01\n");
    }

    @AfterAll
    static void close() {
        session.close();
        lake.close();
    }

    private static void consent(String csv) throws Exception {
        Path file = Files.writeString(Files.createTempDirectory(root, "consent").resolve("terms.csv"), HEAD + csv);
        ConsentJob.run(file.toString(), lake, spark);
    }

    @Test
    void aRunStopsBeforeItStarts() {
        stops(data(0, Usage.DEFAULTS));
    }

    private void stops(TrainData data) {
        assertThatThrownBy(() -> take(data))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                .hasMessageContaining("utterances that it may not use: human-3 (consent-revoked: consent of recording"
                        + " r-human-3: revoked on 2020-01-01)")
                .hasMessageContaining("(--use violations=leave-out does without them;");
        assertThat(folder.resolve(CensusFile.NAME)).doesNotExist();
    }

    @Test
    void whatIsLeftOutIsCountedAndNotRead() throws Exception {
        TrainData unlabelled = data(0, Usage.of(Map.of("violations", "leave-out")));
        assertThat(take(unlabelled)).isEqualTo(Map.of("consent-revoked", 3L));
        assertThat(read(unlabelled)).hasSize(16).doesNotContain("human-3", "pseudo-0", "long");
        assertThat(spark.table("lake.glossa.rejects")
                        .where("code = 'consent-revoked'")
                        .count())
                .isEqualTo(3);
        assertThat(take(unlabelled)).as("of a census that is there").containsEntry("consent-revoked", 3L);

        consent("r-human-5,,2020-01-01\n");
        assertThatThrownBy(() -> take(unlabelled))
                .as("a run that goes on is held to what is said today")
                .hasMessageContaining("1 utterances that it may not use: human-5")
                .hasMessageContaining("start anew in another folder");
        consent("r-human-5,,\n");
    }

    @Test
    void textsAreLeftOutToo() {
        stops(data(snapshot(LakeTable.TRANSCRIPTS), Usage.DEFAULTS));
        TrainData labelled = data(snapshot(LakeTable.TRANSCRIPTS), Usage.of(Map.of("violations", "leave-out")));
        assertThat(take(labelled)).containsEntry("consent-revoked", 3L);
        assertThat(read(labelled)).hasSize(9 + 3).doesNotContain("human-3", "pseudo-0");
    }

    @Test
    void consentMayBeRequired() throws Exception {
        consent("r-human-5,,\n");
        TrainData data = data(0, Usage.of(Map.of("consent", "required", "violations", "leave-out")));
        assertThat(take(data)).isEqualTo(Map.of("consent-revoked", 3L, "no-consent", 15L));
        assertThat(read(data)).containsExactly("human-5");
    }

    private Map<String, Long> take(TrainData data) {
        Lineage lineage = new Lineage("train", "run", "key" + data.kind(), data.inputs(), "c", "v", null);
        CensusTaking.of(spark, lake, lineage, data, BUCKETS, Folder.of(folder));
        return TrainedOn.read(Folder.of(folder)).rejects();
    }

    private List<String> read(TrainData data) {
        CensusFile file = CensusFile.read(Folder.of(folder), data, BUCKETS);
        BatchSource source =
                TrainRank.source(lake, new StoredFeatures(frontEnd.digest()), data, BUCKETS, file, Folder.of(folder));
        int[] blocks = IntStream.range(0, file.census().blocks()).toArray();
        return IntStream.range(0, 2)
                .boxed()
                .flatMap(bucket -> Stream.of(source.cells(bucket, blocks))
                        .flatMap(List::stream)
                        .flatMap(List::stream))
                .map(example -> example.utterance().id())
                .toList();
    }

    private static TrainData data(long transcripts, Usage usage) {
        return new TrainData(
                transcripts == 0 ? "bestrq" : "ctc",
                FeatureOrigin.STORED,
                snapshot(LakeTable.FEATURES),
                frontEnd,
                transcripts,
                transcripts == 0 ? List.of("train", "unlabelled") : List.of("train"),
                transcripts == 0 ? PseudoLabels.NONE : new PseudoLabels(1, 1),
                TokenizerChoice.GRAPHEMES,
                Terms.kept(lake, usage, Map.of(), ""));
    }

    private static long snapshot(LakeTable table) {
        return lake.snapshot(table).orElseThrow();
    }
}
