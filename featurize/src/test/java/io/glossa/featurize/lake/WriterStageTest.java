package io.glossa.featurize.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.featurize.TestSpark;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers of one table at once, in one process and with real commits. */
class WriterStageTest {
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
    void rowsThatAreThereAreLeftOut() {
        assertThat(writer("a").append(LakeTable.REJECTS, rejects(0, 3))).isEqualTo(3);
        assertThat(writer("b").append(LakeTable.REJECTS, rejects(1, 5))).isEqualTo(2);
        assertThat(ids()).containsExactly("id-0", "id-1", "id-2", "id-3", "id-4");
        long snapshot = lake.snapshot(LakeTable.REJECTS).orElseThrow();
        assertThat(writer("c").append(LakeTable.REJECTS, rejects(0, 5))).isZero();
        assertThat(lake.snapshot(LakeTable.REJECTS)).hasValue(snapshot);
    }

    @Test
    void anotherWriterInBetweenIsNoticed() {
        writer("a").append(LakeTable.REJECTS, rejects(0, 1));
        WriterStage slow = writer("slow");
        List<Integer> attempts = new ArrayList<>();
        slow.commit(LakeTable.REJECTS, () -> {
            attempts.add(attempts.size());
            if (attempts.size() < 3) {
                writer("quick").append(LakeTable.REJECTS, rejects(0, 2 * attempts.size()));
            }
            return rejects(0, 6);
        });
        assertThat(attempts).hasSize(3);
        assertThat(slow.counts().retried()).isEqualTo(2);
        assertThat(ids()).containsExactly("id-0", "id-1", "id-2", "id-3", "id-4", "id-5");
    }

    @Test
    void theFirstCommitOfATableIsCheckedToo() {
        writer("slow").commit(LakeTable.REJECTS, () -> {
            writer("quick").append(LakeTable.REJECTS, rejects(0, 2));
            return rejects(0, 3);
        });
        assertThat(ids()).containsExactly("id-0", "id-1", "id-2");
    }

    @Test
    void rowsThatAreThereTwiceAreTakenAwayAtTheNextWrite() throws Exception {
        lake.table(LakeTable.REJECTS);
        rejects(0, 4).writeTo("lake.glossa.rejects").append();
        rejects(1, 3).writeTo("lake.glossa.rejects").append();
        rejects(2, 6).writeTo("lake.glossa.rejects").append();
        WriterStage writer = writer("a");
        assertThat(writer.append(LakeTable.REJECTS, rejects(5, 7))).isOne();
        assertThat(writer.counts().repaired()).isEqualTo(4);
        assertThat(ids()).containsExactly("id-0", "id-1", "id-2", "id-3", "id-4", "id-5", "id-6");
        assertThat(writer("b").append(LakeTable.REJECTS, rejects(0, 7))).isZero();
        assertThat(writer("b").counts().repaired()).isZero();
    }

    @Test
    void removesAndUpdatesRowsThatAreEqual() {
        writer("a").append(LakeTable.REJECTS, rejects(0, 4));
        WriterStage writer = writer("b");
        writer.remove(LakeTable.REJECTS, rejects(1, 2).select("id", "code"));
        writer.remove(LakeTable.REJECTS, rejects(2, 3).selectExpr("id", "'other' as code"));
        writer.update(LakeTable.REJECTS, rejects(3, 4).selectExpr("id", "'new' as detail"), "detail");
        assertThat(ids()).containsExactly("id-0", "id-2", "id-3");
        assertThat(spark.table("lake.glossa.rejects")
                        .where("detail = 'new'")
                        .select("id")
                        .first()
                        .getString(0))
                .isEqualTo("id-3");
        Lineage lineage =
                Lineage.of(lake.table(LakeTable.REJECTS).currentSnapshot()).orElseThrow();
        assertThat(lineage.run()).isEqualTo("run-b");
    }

    @Test
    void manyWritersAtOnceLeaveNoRowTwice() throws Exception {
        int writers = 3;
        int rounds = 3;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            for (int round = 0; round < rounds; round++) {
                int from = round;
                CyclicBarrier together = new CyclicBarrier(writers);
                List<Future<Long>> added = new ArrayList<>();
                for (int i = 0; i < writers; i++) {
                    String name = "w" + i;
                    added.add(threads.submit(() -> {
                        together.await();
                        return writer(name).append(LakeTable.REJECTS, rejects(from, from + 10));
                    }));
                }
                long sum = 0;
                for (Future<Long> count : added) {
                    sum += count.get();
                }
                assertThat(sum).isEqualTo(round == 0 ? 10 : 1);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(ids()).hasSize(12).doesNotHaveDuplicates();
    }

    private WriterStage writer(String name) {
        return new WriterStage(
                spark, lake, new Lineage("test", "run-" + name, "key", Map.of(), "digest", "test", null));
    }

    private Dataset<Row> rejects(int from, int to) {
        List<Row> rows = IntStream.range(from, to)
                .mapToObj(i -> RowFactory.create("id-" + i, "test", "source-" + i, "CODE", "detail", "run", null, null))
                .toList();
        lake.table(LakeTable.REJECTS);
        return spark.createDataFrame(rows, spark.table("lake.glossa.rejects").schema());
    }

    private List<String> ids() {
        return spark.table("lake.glossa.rejects").orderBy("id").collectAsList().stream()
                .map(row -> row.<String>getAs("id"))
                .toList();
    }
}
