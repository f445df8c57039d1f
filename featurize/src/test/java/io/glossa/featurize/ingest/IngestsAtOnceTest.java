package io.glossa.featurize.ingest;

import static io.glossa.storage.LakeTable.FEATURES;
import static io.glossa.storage.LakeTable.RECORDINGS;
import static io.glossa.storage.LakeTable.REJECTS;
import static io.glossa.storage.LakeTable.TRANSCRIPTS;
import static io.glossa.storage.LakeTable.UTTERANCES;
import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.featurize.StageSummary;
import io.glossa.featurize.TestSpark;
import io.glossa.storage.LakeTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two runs on one lake at once end in the tables of one; {@code -Dglossa.rounds=10} tries it more often. */
class IngestsAtOnceTest {
    private static final LakeTable[] TABLES = {RECORDINGS, UTTERANCES, TRANSCRIPTS, REJECTS, FEATURES};

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
    @Tag("slow")
    void ofOneFolder() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("audio"));
        try (TestIngest alone = new TestIngest(spark, folder, temp.resolve("alone"))) {
            fill(alone, 0);
            alone.ingest();
            alone.featurize();
            fill(alone, 50);
            alone.ingest();
            alone.featurize();
            for (int round = 0; round < Integer.getInteger("glossa.rounds", 1); round++) {
                Path lake = temp.resolve("lake-" + round);
                try (TestIngest one = new TestIngest(spark, folder, lake);
                        TestIngest other = new TestIngest(spark, folder, lake)) {
                    for (int version : new int[] {0, 50}) {
                        fill(alone, version);
                        List<StageSummary> ingested = atOnce(one::ingest, other::ingest);
                        assertThat(ingested).allSatisfy(IngestsAtOnceTest::addsUp);
                        atOnce(one::featurize, other::featurize);
                    }
                    assertThat(one.contents(TABLES)).as("round %d", round).isEqualTo(alone.contents(TABLES));
                }
            }
        }
    }

    /** Two recordings with texts, one without, its twin, and a file that is no recording, in some version. */
    private static void fill(TestIngest into, int version) throws IOException {
        into.write("a", TestIngest.word(version + 1), "One");
        into.write("b", TestIngest.word(2), "Two of " + version);
        into.write("c", TestIngest.word(version + 3), null);
        into.write("twin-of-c", TestIngest.word(version + 3), null);
        Files.writeString(into.folder.resolve("text.wav"), "no audio\n".repeat(100));
        for (String name : List.of("a", "b", "c", "twin-of-c", "text")) {
            Files.setLastModifiedTime(
                    into.folder.resolve(name + ".wav"), FileTime.fromMillis(1_700_000_000_000L + 1000L * version));
        }
    }

    private static void addsUp(StageSummary summary) {
        assertThat(summary.known()).isNotNegative();
        assertThat(summary.known() + summary.out() + summary.duplicates() + summary.rejects())
                .isEqualTo(summary.in());
    }

    @Test
    void ofTwoFoldersWithTheSameBytes() throws Exception {
        Path lake = temp.resolve("lake");
        try (TestIngest one = new TestIngest(spark, Files.createDirectory(temp.resolve("one")), lake);
                TestIngest other = new TestIngest(spark, Files.createDirectory(temp.resolve("other")), lake)) {
            one.write("a", TestIngest.word(1), "Said");
            other.write("b", TestIngest.word(1), null);
            other.write("c", TestIngest.word(2), "More");
            List<StageSummary> summaries = atOnce(one::ingest, other::ingest);

            assertThat(summaries).allSatisfy(IngestsAtOnceTest::addsUp);
            assertThat(one.column(RECORDINGS, "id")).hasSize(2);
            assertThat(one.column(UTTERANCES, "recording_id"))
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(one.column(RECORDINGS, "id"));
            assertThat(one.column(UTTERANCES, "recording_uri"))
                    .containsExactlyInAnyOrderElementsOf(one.column(RECORDINGS, "uri"));
            assertThat(one.column(UTTERANCES, "id")).containsAll(one.column(TRANSCRIPTS, "utterance_id"));
            assertThat(summaries.get(0).duplicates() + summaries.get(1).duplicates())
                    .isOne();
        }
    }

    private static <T> List<T> atOnce(Callable<T> one, Callable<T> other) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            CyclicBarrier together = new CyclicBarrier(2);
            List<Future<T>> running = new ArrayList<>();
            for (Callable<T> each : List.of(one, other)) {
                running.add(threads.submit(() -> {
                    together.await();
                    return each.call();
                }));
            }
            return List.of(running.get(0).get(), running.get(1).get());
        } finally {
            threads.shutdownNow();
        }
    }
}
