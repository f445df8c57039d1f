package io.glossa.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LakeTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(LakeTable.class)
    void aTableIsCreatedOnceAndFoundAgain(LakeTable kind) {
        try (Lake lake = Lake.open(LakeConfig.local(folder))) {
            Table created = lake.table(kind);
            assertThat(created.schema().asStruct())
                    .isEqualTo(kind.icebergSchema().asStruct());
            assertThat(lake.snapshot(kind)).isEmpty();
            try (Lake again = Lake.open(LakeConfig.local(folder))) {
                assertThat(again.table(kind).uuid()).isEqualTo(created.uuid());
            }
        }
    }

    @Test
    void aTableFromBeforeAColumnWasAddedGetsIt() {
        try (Lake lake = Lake.open(LakeConfig.local(folder))) {
            Table older = lake.table(LakeTable.RECORDINGS);
            older.updateSchema().deleteColumn("modified_ms").commit();
            assertThat(lake.table(LakeTable.RECORDINGS).schema().findField("modified_ms"))
                    .satisfies(column -> assertThat(column.isOptional()).isTrue());
            int columns = LakeTable.RECORDINGS.icebergSchema().columns().size();
            assertThat(lake.table(LakeTable.RECORDINGS).schema().columns()).hasSize(columns);
        }
    }

    @Test
    void twoCreatorsGetTheSameTable() throws Exception {
        int creators = 2;
        ExecutorService threads = Executors.newFixedThreadPool(creators);
        try {
            for (LakeTable kind : List.of(LakeTable.FEATURES, LakeTable.REJECTS)) {
                CyclicBarrier together = new CyclicBarrier(creators);
                List<Future<Table>> tables = new ArrayList<>();
                for (int i = 0; i < creators; i++) {
                    tables.add(threads.submit(() -> {
                        try (Lake lake = Lake.open(LakeConfig.local(folder))) {
                            together.await();
                            return lake.table(kind);
                        }
                    }));
                }
                Set<Object> uuids = new HashSet<>();
                for (Future<Table> table : tables) {
                    uuids.add(table.get().uuid());
                }
                assertThat(uuids).hasSize(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void twoWritersBothCommit() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Lake lake = Lake.open(LakeConfig.local(folder))) {
            lake.table(LakeTable.SENTENCES);
            CyclicBarrier together = new CyclicBarrier(2);
            List<Future<Long>> snapshots = new ArrayList<>();
            for (String id : List.of("a", "b")) {
                snapshots.add(threads.submit(() -> {
                    Table table = lake.table(LakeTable.SENTENCES);
                    together.await();
                    return LakeRows.append(table, LakeRows.sentence(table, id, "text", "en"));
                }));
            }
            for (Future<Long> snapshot : snapshots) {
                snapshot.get();
            }
            long current = lake.snapshot(LakeTable.SENTENCES).orElseThrow();
            try (var rows =
                    SnapshotReader.of(lake, LakeTable.SENTENCES, current).rows()) {
                assertThat(rows.map(row -> row.get("id"))).containsExactlyInAnyOrder("a", "b");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aJobKeyIsFoundAnywhereInTheHistory() {
        try (Lake lake = Lake.open(LakeConfig.local(folder))) {
            assertThat(lake.completed(LakeTable.SENTENCES, "k1")).isEmpty();
            Table table = lake.table(LakeTable.SENTENCES);
            long first = LakeRows.append(
                    table,
                    List.of(LakeRows.sentence(table, "a", "one", "en")),
                    new Lineage("ingest-text", "r1", "k1", Map.of(), "c", "v", null).toSummary());
            LakeRows.append(table, LakeRows.sentence(table, "b", "two", "en"));
            assertThat(lake.completed(LakeTable.SENTENCES, "k1"))
                    .map(Snapshot::snapshotId)
                    .contains(first);
            assertThat(lake.completed(LakeTable.SENTENCES, "k2")).isEmpty();
        }
    }

    @Test
    void aTagNamesOneSnapshotForGood() {
        try (Lake lake = Lake.open(LakeConfig.local(folder))) {
            Table table = lake.table(LakeTable.SENTENCES);
            long first = LakeRows.append(table, LakeRows.sentence(table, "a", "one", "en"));
            long second = LakeRows.append(table, LakeRows.sentence(table, "b", "two", "en"));
            lake.tag(LakeTable.SENTENCES, first, "r1");
            lake.tag(LakeTable.SENTENCES, first, "r1");
            assertThat(lake.table(LakeTable.SENTENCES).refs().get("run-r1"))
                    .satisfies(ref -> assertThat(ref.isTag()).isTrue())
                    .satisfies(ref -> assertThat(ref.snapshotId()).isEqualTo(first));
            assertThatThrownBy(() -> lake.tag(LakeTable.SENTENCES, second, "r1"))
                    .isInstanceOf(GlossaException.class)
                    .hasMessageContaining(Long.toString(first))
                    .hasMessageContaining(Long.toString(second));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://bucket/lake", "s3a://bucket/lake", "gs://bucket/lake", "abfs://c@account/lake"})
    void aHadoopCatalogOnAnObjectStoreIsRefused(String warehouse) {
        assertThatThrownBy(() -> new LakeConfig(URI.create(warehouse), "hadoop", Map.of()))
                .isInstanceOf(GlossaException.class)
                .hasMessage("Cannot open the lake at " + warehouse
                        + ": a Hadoop catalog commits by renaming, which is not atomic on '"
                        + URI.create(warehouse).getScheme()
                        + ":', expected file: or hdfs: (on an object store configure a REST or JDBC catalog)")
                .asInstanceOf(type(GlossaException.class))
                .returns(ErrorType.USER, GlossaException::type);
    }

    @Test
    void anotherCatalogIsConfiguration() {
        LakeConfig config = new LakeConfig(
                folder.toUri(),
                "jdbc",
                Map.of(
                        "uri", "jdbc:h2:mem:lake;DB_CLOSE_DELAY=-1;DATABASE_TO_LOWER=TRUE",
                        "jdbc.user", "sa",
                        "jdbc.password", ""));
        try (Lake lake = Lake.open(config)) {
            Table table = lake.table(LakeTable.SENTENCES);
            long snapshot = LakeRows.append(table, LakeRows.sentence(table, "a", "one", "en"));
            assertThat(lake.snapshot(LakeTable.SENTENCES)).hasValue(snapshot);
            assertThat(lake.sparkConf())
                    .containsEntry("spark.sql.catalog.lake.type", "jdbc")
                    .containsEntry("spark.sql.catalog.lake.jdbc.user", "sa");
        }
    }

    @Test
    void anUnknownCatalogIsRefused() {
        assertThatThrownBy(() -> Lake.open(new LakeConfig(folder.toUri(), "hadop", Map.of())))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("hadop");
    }

    @Test
    void sparkOpensTheSameFolder() {
        Path spaced = folder.resolve("my lake");
        try (Lake lake = Lake.open(LakeConfig.local(spaced))) {
            assertThat(lake.sparkConf())
                    .containsEntry("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog")
                    .containsEntry("spark.sql.catalog.lake.type", "hadoop")
                    .containsEntry("spark.sql.catalog.lake.warehouse", "file:" + spaced);
            assertThat(lake.table(LakeTable.REJECTS).location()).isEqualTo("file:" + spaced + "/glossa/rejects");
        }
    }

    @Test
    void aPathWithoutASchemeIsLocal() {
        LakeConfig config = new LakeConfig(URI.create("work/demo/lake"), "hadoop", Map.of());
        assertThat(config.warehouse())
                .isEqualTo(Path.of("work/demo/lake").toAbsolutePath().toUri());
    }

    @Test
    void theConfigTravels() throws Exception {
        LakeConfig config = new LakeConfig(folder.toUri(), "hadoop", Map.of("clients", "2"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(config);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(config);
        }
    }
}
