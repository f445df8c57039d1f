package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.featurize.frontend.FrontEnd;
import io.glossa.featurize.frontend.FrontEndChoice;
import io.glossa.jobs.consent.Terms;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import io.glossa.storage.OrderHash;
import io.glossa.storage.SnapshotReader;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Census;
import io.glossa.trainer.data.Example;
import io.glossa.trainer.lake.Labels;
import io.glossa.trainer.lake.LakeSource;
import io.glossa.trainer.lake.StoredFeatures;
import io.glossa.trainer.lake.TrainingRows;
import io.glossa.trainer.objective.SymbolTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the driver counts, and what ranks then read by it. */
class CensusTakingTest {
    private static final Buckets BUCKETS = Buckets.of(List.of(40, 80), 3.2);

    @TempDir
    static Path root;

    private static Lake lake;
    private static Session session;
    private static SparkSession spark;
    private static FrontEnd frontEnd;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() {
        lake = Lake.open(LakeConfig.local(root));
        session = Session.open("test", lake);
        spark = session.spark();
        TinyLake.fill(spark, lake);
        TinyLake.addOne(spark, lake);
        frontEnd = FrontEndChoice.ONLY.in(lake, snapshot(LakeTable.FEATURES), "train", TinyLake.MELS);
    }

    @AfterAll
    static void close() {
        session.close();
        lake.close();
    }

    @Test
    void allOfSomeSplitsAreReadCellByCell() {
        TrainData data = new TrainData(
                "bestrq",
                FeatureOrigin.STORED,
                snapshot(LakeTable.FEATURES),
                frontEnd,
                0,
                List.of("train", "unlabelled"),
                PseudoLabels.NONE,
                TokenizerChoice.GRAPHEMES,
                Terms.NONE);
        Census census = take(data);
        assertThat(census.utterances()).isEqualTo(10 + 2 + 6 + 1);
        assertThat(census.rejected()).isEqualTo(Map.of("too-long", 1L));
        LakeSource source = LakeSource.unlabelled(
                lake, rows(), data.features(), data.splits(), BUCKETS, census, LakeSource.Exceptions.NONE);

        List<Example> read = all(source);

        Map<String, ByteBuffer> expected = stored(data.features());
        expected.remove("long");
        assertThat(read)
                .extracting(example -> example.utterance().id())
                .containsExactlyInAnyOrderElementsOf(expected.keySet());
        assertThat(read)
                .allSatisfy(example -> assertThat(ByteBuffer.wrap(example.logmel()))
                        .isEqualTo(expected.get(example.utterance().id())));
    }

    @Test
    void textsAreReadCellByCell() {
        TrainData data = labelled();
        Census census = take(data);
        assertThat(TrainedOn.read(Folder.of(folder)).rejects())
                .isEqualTo(Map.of("too-long", 1L, "no-text", 2L, "too-many-symbols", 1L, "other-symbols", 1L));
        Labels labels = Labels.in(CensusTaking.labels(Folder.of(folder)).uri(), SymbolTable.ofText("abc"));
        LakeSource source = LakeSource.labelled(lake, rows(), data.features(), BUCKETS, census, labels);

        assertThat(source.cells(0, new int[0])).isEmpty();
        List<Example> read = all(source);

        assertThat(read).hasSize(10 + 2 * 4);
        Map<String, ByteBuffer> features = stored(data.features());
        assertThat(read).allSatisfy(example -> {
            assertThat(ByteBuffer.wrap(example.logmel()))
                    .isEqualTo(features.get(example.utterance().id()));
            assertThat(example.utterance().labels()).isNotEmpty();
        });
        assertThat(read)
                .filteredOn(example -> example.utterance().id().equals("pseudo-1"))
                .extracting(example -> example.utterance().copy())
                .containsExactly(0, 1);
    }

    @Test
    void aResumedTrainingFindsItsCensusAndAnotherOnesIsRefused() throws IOException {
        TrainData data = labelled();
        take(data);
        Path file = folder.resolve(CensusFile.NAME);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
        take(data);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(FileTime.fromMillis(1000));

        TrainData other = new TrainData(
                data.kind(),
                FeatureOrigin.STORED,
                7,
                frontEnd,
                data.transcripts(),
                data.splits(),
                data.pseudo(),
                data.tokenizer(),
                Terms.NONE);
        assertThatThrownBy(() -> CensusFile.read(Folder.of(folder), other, BUCKETS))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.DATA))
                .hasMessage("Cannot train by " + file + ": it is a census of snapshot of features " + data.features()
                        + ", expected 7 (another training writes there: choose another folder)");
        assertThatThrownBy(() -> CensusFile.read(Folder.of(folder), data, Buckets.of(List.of(40, 120), 3.2)))
                .hasMessageContaining("census of buckets [40, 80], expected [40, 120]");
    }

    @Test
    void onlyCtcRefusesMoreLabelsThanFrames() {
        take(labelled());
        assertThat(TrainedOn.read(Folder.of(folder)).rejects()).containsEntry("too-many-symbols", 1L);
        take(labelled("rnnt"));
        assertThat(TrainedOn.read(Folder.of(folder)).rejects()).doesNotContainKey("too-many-symbols");
    }

    @Test
    void anUtteranceIsRefusedOnce() {
        TrainData data = new TrainData(
                "ctc",
                FeatureOrigin.STORED,
                snapshot(LakeTable.FEATURES),
                frontEnd,
                snapshot(LakeTable.TRANSCRIPTS),
                List.of("train", "unlabelled"),
                new PseudoLabels(1, 2),
                TokenizerChoice.GRAPHEMES,
                Terms.NONE);
        take(data);
        assertThat(TrainedOn.read(Folder.of(folder)).rejects())
                .isEqualTo(Map.of("too-long", 1L, "no-text", 3L, "too-many-symbols", 1L, "other-symbols", 1L));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 60})
    void aDamagedCensusIsTakenAnew(int bytes) throws IOException {
        TrainData data = labelled();
        take(data);
        Path file = folder.resolve(CensusFile.NAME);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, bytes));
        take(data);
        assertThat(file).hasBinaryContent(whole);
    }

    @Test
    void aCensusThatEndsHalfWayLeavesNone() {
        take(labelled());
        TrainData none = new TrainData(
                "bestrq",
                FeatureOrigin.STORED,
                snapshot(LakeTable.FEATURES),
                frontEnd,
                0,
                List.of("nobody"),
                PseudoLabels.NONE,
                TokenizerChoice.GRAPHEMES,
                Terms.NONE);
        assertThatThrownBy(() -> take(none)).hasMessageStartingWith("Cannot train: none of 0 utterances");
        assertThat(folder.resolve(CensusFile.NAME)).doesNotExist();
    }

    @Test
    void aSnapshotThatExpiresMeanwhileIsSaid() {
        long first = lake.table(LakeTable.FEATURES).history().get(0).snapshotId();
        TrainData data = new TrainData(
                "bestrq",
                FeatureOrigin.STORED,
                first,
                frontEnd,
                0,
                List.of("train"),
                PseudoLabels.NONE,
                TokenizerChoice.GRAPHEMES,
                Terms.NONE);
        LakeSource source = LakeSource.unlabelled(
                lake, rows(), first, data.splits(), BUCKETS, take(data), LakeSource.Exceptions.NONE);
        assertThat(all(source)).isNotEmpty();
        lake.table(LakeTable.FEATURES).expireSnapshots().expireSnapshotId(first).commit();

        assertThatThrownBy(() -> all(source))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                .hasMessage("Cannot go on reading features: snapshot " + first + " of " + lake.location()
                        + " is gone, expected it to stay while it is trained on (it has expired; start anew, in another"
                        + " folder)");
    }

    private Census take(TrainData data) {
        Lineage lineage = new Lineage("train", "run", "key", data.inputs(), "c", "v", null);
        CensusTaking.of(spark, lake, lineage, data, BUCKETS, Folder.of(folder));
        return CensusFile.read(Folder.of(folder), data, BUCKETS).census();
    }

    private static TrainingRows rows() {
        return new StoredFeatures(frontEnd.digest());
    }

    private static TrainData labelled() {
        return labelled("ctc");
    }

    private static TrainData labelled(String kind) {
        return new TrainData(
                kind,
                FeatureOrigin.STORED,
                snapshot(LakeTable.FEATURES),
                frontEnd,
                snapshot(LakeTable.TRANSCRIPTS),
                List.of("train"),
                new PseudoLabels(1, 2),
                TokenizerChoice.GRAPHEMES,
                Terms.NONE);
    }

    /** Of all cells, each of which is as the census says and in order. */
    private static List<Example> all(BatchSource source) {
        List<Example> all = new ArrayList<>();
        int blocks = source.census().blocks();
        for (int bucket = 0; bucket < BUCKETS.table().size(); bucket++) {
            List<List<Example>> cells =
                    source.cells(bucket, IntStream.range(0, blocks).toArray());
            for (int block = 0; block < blocks; block++) {
                List<Example> cell = cells.get(block);
                assertThat(cell).hasSize(source.census().count(bucket, block));
                assertThat(cell).extracting(Example::utterance).isSorted();
                for (Example example : cell) {
                    assertThat(BUCKETS.number(example.utterance().frames())).isEqualTo(bucket);
                    assertThat(OrderHash.block(OrderHash.of(example.utterance().id()), blocks))
                            .isEqualTo(block);
                }
                all.addAll(cell);
            }
        }
        return all;
    }

    private static Map<String, ByteBuffer> stored(long snapshot) {
        Map<String, ByteBuffer> stored = new HashMap<>();
        try (Stream<GenericRecord> rows =
                SnapshotReader.of(lake, LakeTable.FEATURES, snapshot).rows()) {
            rows.forEach(row -> stored.put(row.get("utterance_id").toString(), (ByteBuffer) row.get("logmel")));
        }
        return stored;
    }

    private static long snapshot(LakeTable table) {
        return lake.snapshot(table).orElseThrow();
    }
}
