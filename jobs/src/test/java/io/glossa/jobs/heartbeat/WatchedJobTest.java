package io.glossa.jobs.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.jobs.spark.Session;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedJobTest {
    private static final int RANKS = 2;

    @TempDir
    Path folder;

    @Test
    void ranksWhoseModelsDifferEndAndAreToldWhy() {
        System.setProperty("spark.master", "local[" + RANKS + "]");
        try (Lake lake = Lake.open(LakeConfig.local(folder));
                Session session = Session.open("test", lake)) {
            SparkContext spark = session.spark().sparkContext();
            try (WatchedJob watched = new WatchedJob(spark, "attempt", RANKS, step -> {})) {
                List<String> ends = JavaSparkContext.fromSparkContext(spark)
                        .parallelize(IntStream.range(0, RANKS).boxed().toList(), RANKS)
                        .map(rank -> ended(TaskContext.getPartitionId()))
                        .collect();

                assertThat(ends)
                        .allSatisfy(end -> assertThat(end)
                                .startsWith("the ranks' models differ: rank 0 on here (executor driver) has checksum")
                                .contains("they were the same after step 0"));
                Loss loss = watched.loss().orElseThrow();
                assertThat(loss.cause()).isEqualTo(ends.get(0));
                assertThat(loss.worthAnotherTry()).isFalse();
            }
        } finally {
            System.clearProperty("spark.master");
        }
    }

    private static String ended(int rank) throws InterruptedException {
        try (Pulse pulse = Pulse.of("attempt", rank, "here")) {
            pulse.onChecksum(0, 7);
            pulse.onChecksum(500, 7 + rank);
            for (int i = 0; i < 600 && pulse.failure().isEmpty(); i++) {
                Thread.sleep(100);
            }
            return pulse.failure().orElse("");
        }
    }
}
