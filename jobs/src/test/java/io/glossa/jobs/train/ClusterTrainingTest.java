package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.jobs.StandaloneCluster;
import io.glossa.jobs.TestRecordings;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** All jobs up to a recogniser by spark-submit on a standalone cluster, with the lake and its models on HDFS. */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterTrainingTest {
    private static final int RECORDINGS = 16;
    private static final int PASSES = 100;

    @TempDir
    static Path folder;

    private static MiniDFSCluster files;
    private static StandaloneCluster cluster;
    private static String root;

    @BeforeAll
    static void start() throws Exception {
        Configuration conf = new Configuration();
        conf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
        files = new MiniDFSCluster.Builder(conf).numDataNodes(1).build();
        root = "hdfs://localhost:" + files.getNameNodePort();
        cluster = new StandaloneCluster(folder.resolve("cluster"));
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            if (cluster != null) {
                cluster.stop();
            }
        } finally {
            if (files != null) {
                files.shutdown();
            }
        }
    }

    @Test
    @Order(1)
    void recordingsBecomeARecogniserThoughADriverIsKilled() throws Exception {
        TestRecordings.writeWithTexts(folder.resolve("audio"), RECORDINGS);
        done("ingest", List.of("--audio", folder.resolve("audio").toString()));
        done("featurize", List.of("--set", "mels=" + TinyLake.MELS));

        Folder pretrained = new Folder(root + "/lake/models/pretrain");
        List<String> pretraining = options(2, TinyLake.pretraining(settings(PASSES)));
        Process killed = submit("pretrain", Map.of(), Map.of(), pretraining);
        while (killed.isAlive() && Checkpoints.latest(pretrained).isEmpty()) {
            Thread.sleep(20);
        }
        killed.destroyForcibly().waitFor();
        assertThat(Checkpoints.latest(pretrained)).as(said()).isPresent();
        done("pretrain", pretraining);
        assertThat(said()).contains("resumed from step");
        requireTwoRanks(pretrained, PASSES);

        List<String> finetuning = options(2, TinyLake.settings(settings(3)));
        finetuning.addAll(List.of("--init", pretrained.location()));
        done("finetune", finetuning);
        requireTwoRanks(new Folder(root + "/lake/models/finetune"), 3);
    }

    @Test
    @Order(2)
    void whatDoesNotFitIsSaidInOneSentence() throws Exception {
        refused(
                "at once, expected 3 (fewer --ranks, or more executors or GPUs",
                Map.of(),
                Map.of("spark.scheduler.maxRegisteredResourcesWaitingTime", "10s"),
                options(3, TinyLake.pretraining(settings(1))));
        List<String> two = options(2, TinyLake.pretraining(settings(1)));
        refused(
                "Cannot train: found spark.dynamicAllocation.enabled=true, expected static executors",
                Map.of(),
                Map.of("spark.dynamicAllocation.enabled", "true"),
                two);
        refused(
                ": permission denied, expected to be allowed to read and write it",
                Map.of("HADOOP_USER_NAME", "stranger"),
                Map.of(),
                two);
    }

    private static void requireTwoRanks(Folder run, long passes) {
        CheckpointMeta end = Checkpoints.meta(Checkpoints.latest(run).orElseThrow());
        assertThat(end.cursor()).containsEntry("epoch", passes);
        assertThat(end.lineage()).containsEntry("glossa.ranks", "2");
    }

    private static String[] settings(int passes) {
        return new String[] {
            "parts",
            "3",
            "buckets",
            "200",
            "batch-seconds",
            "4",
            "passes",
            Integer.toString(passes),
            "checkpoint-steps",
            "20"
        };
    }

    private static List<String> options(int ranks, Map<String, String> settings) {
        List<String> options =
                new ArrayList<>(List.of("--ranks", Integer.toString(ranks), "--threads", "1", "--splits", "train"));
        settings.forEach((key, value) -> options.addAll(List.of("--set", key + "=" + value)));
        return options;
    }

    private static void done(String job, List<String> options) throws Exception {
        Process process = submit(job, Map.of(), Map.of(), options);
        assertThat(process.waitFor(15, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said()).isZero();
    }

    private static void refused(
            String sentence, Map<String, String> environment, Map<String, String> conf, List<String> options)
            throws Exception {
        List<String> named = new ArrayList<>(options);
        named.addAll(List.of("--name", "refused"));
        Process process = submit("pretrain", environment, conf, named);
        assertThat(process.waitFor(15, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said()).isNotZero();
        assertThat(said().lines().filter(line -> line.startsWith("Cannot ")))
                .as(said())
                .singleElement()
                .asString()
                .contains(sentence);
    }

    private static Process submit(
            String job, Map<String, String> environment, Map<String, String> conf, List<String> options)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of(job, "--lake", root + "/lake"));
        arguments.addAll(options);
        return cluster.submit(folder.resolve("said"), environment, conf, arguments);
    }

    private static String said() throws IOException {
        return Files.readString(folder.resolve("said"));
    }
}
