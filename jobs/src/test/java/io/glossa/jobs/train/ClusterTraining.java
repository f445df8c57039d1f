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
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** All jobs up to a recogniser by spark-submit on a standalone cluster, wherever the lake and its models are. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class ClusterTraining {
    private static final int RECORDINGS = 16;
    private static final int PASSES = 100;

    @TempDir
    static Path folder;

    private StandaloneCluster cluster;

    /** The lake's folder. */
    abstract String lake();

    /** Options that say which catalog it has. */
    List<String> catalog() {
        return List.of();
    }

    /** Jars that jobs bring along besides. */
    List<String> jars() {
        return List.of();
    }

    /** Settings of Spark that each job has. */
    Map<String, String> conf() {
        return Map.of();
    }

    @BeforeAll
    void startCluster() throws Exception {
        cluster = new StandaloneCluster(folder.resolve("cluster"), jars());
    }

    @AfterAll
    void stopCluster() throws Exception {
        if (cluster != null) {
            cluster.stop();
        }
    }

    @Test
    @Order(1)
    void recordingsBecomeARecogniserThoughADriverIsKilled() throws Exception {
        TestRecordings.writeWithTexts(folder.resolve("audio"), RECORDINGS);
        done("ingest", List.of("--audio", folder.resolve("audio").toString()));
        done("featurize", List.of("--set", "mels=" + TinyLake.MELS));

        Folder pretrained = new Folder(lake() + "/models/pretrain");
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
        requireTwoRanks(new Folder(lake() + "/models/finetune"), 3);
    }

    private static void requireTwoRanks(Folder run, long passes) {
        CheckpointMeta end = Checkpoints.meta(Checkpoints.latest(run).orElseThrow());
        assertThat(end.cursor()).containsEntry("epoch", passes);
        assertThat(end.lineage()).containsEntry("glossa.ranks", "2");
    }

    static String[] settings(int passes) {
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

    static List<String> options(int ranks, Map<String, String> settings) {
        List<String> options =
                new ArrayList<>(List.of("--ranks", Integer.toString(ranks), "--threads", "1", "--splits", "train"));
        settings.forEach((key, value) -> options.addAll(List.of("--set", key + "=" + value)));
        return options;
    }

    private void done(String job, List<String> options) throws Exception {
        Process process = submit(job, Map.of(), Map.of(), options);
        assertThat(process.waitFor(15, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said()).isZero();
    }

    /** Requires that pre-training ends with one sentence. */
    void refused(String sentence, Map<String, String> environment, Map<String, String> conf, List<String> options)
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

    private Process submit(String job, Map<String, String> environment, Map<String, String> more, List<String> options)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of(job, "--lake", lake()));
        arguments.addAll(catalog());
        arguments.addAll(options);
        Map<String, String> conf = new TreeMap<>(conf());
        conf.putAll(more);
        return cluster.submit(folder.resolve("said"), environment, conf, arguments);
    }

    private static String said() throws IOException {
        return Files.readString(folder.resolve("said"));
    }
}
