package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.GlossaException;
import io.glossa.jobs.GlossaProcess;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.checkpoint.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GPUs as Spark's resource, from the script that finds them to the device of a barrier task. */
class GpuTasksTest {
    private static final Path SCRIPT =
            Path.of("..", "deploy", "gpu-discovery.sh").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    @Test
    void theScriptPrintsWhatSparkReads() throws Exception {
        assertThat(discover("printf '0\\n1\\n'")).isEqualTo("{\"name\": \"gpu\", \"addresses\": [\"0\", \"1\"]}");
        assertThat(discover("echo 7")).isEqualTo("{\"name\": \"gpu\", \"addresses\": [\"7\"]}");
        assertThat(discover("echo 'No devices were found'")).contains("Cannot discover GPUs", "No devices were found");
        assertThat(discover("true")).contains("Cannot discover GPUs", "said: nothing");
        assertThat(discover("echo broken >&2; exit 9")).contains("Cannot discover GPUs", "broken");
    }

    @Test
    void thePresetGivesEachTaskAGpu() throws IOException {
        Properties preset = new Properties();
        try (var in = Files.newBufferedReader(Path.of("..", "deploy", "presets", "gpu.properties"))) {
            preset.load(in);
        }
        SparkConf conf = new SparkConf(false);
        preset.forEach((key, value) -> conf.set((String) key, (String) value));
        assertThat(conf.getInt("spark.executor.resource.gpu.amount", 0)).isOne();
        assertThat(conf.getInt("spark.task.resource.gpu.amount", 0)).isOne();
        assertThat(conf.get("spark.executor.resource.gpu.discoveryScript"))
                .isEqualTo("/opt/glossa/deploy/" + SCRIPT.getFileName());
        assertThat(Files.isExecutable(SCRIPT)).isTrue();
    }

    @Test
    void aClusterWithoutGpusIsRefusedBeforeAnythingStarts() {
        System.setProperty("spark.master", "local-cluster[1,1,1024]");
        try (Lake lake = Lake.open(LakeConfig.local(folder))) {
            assertThatThrownBy(() -> Session.open("pretrain", lake, "cuda"))
                    .isInstanceOf(GlossaException.class)
                    .hasMessageContaining("Spark's settings have no spark.executor.resource.gpu.amount")
                    .hasMessageContaining("deploy/presets/gpu.properties")
                    .hasMessageContaining("spark.task.resource.gpu.amount");
        } finally {
            System.clearProperty("spark.master");
        }
    }

    @Test
    void aBarrierTaskTrainsOnTheGpuThatSparkGaveIt() throws Exception {
        Path data = folder.resolve("lake");
        try (Lake lake = Lake.open(LakeConfig.local(data));
                Session session = Session.open("test", lake)) {
            TinyLake.fill(session.spark(), lake);
        }
        Path home = Files.createDirectories(folder.resolve("spark"));
        Files.createDirectories(home.resolve("jars"));
        Map<String, String> environment = Map.of(
                "PATH",
                fake("echo 3") + ":" + System.getenv("PATH"),
                "SPARK_HOME",
                home.toString(),
                "SPARK_SCALA_VERSION",
                "2.13",
                "SPARK_LOCAL_IP",
                "127.0.0.1");
        List<String> flags = List.of(
                "-Dspark.master=local-cluster[1,1,1024]",
                "-Dspark.ui.enabled=false",
                "-Dspark.executor.extraClassPath=" + System.getProperty("java.class.path"),
                "-Dspark.worker.resource.gpu.amount=1",
                "-Dspark.worker.resource.gpu.discoveryScript=" + SCRIPT,
                "-Dspark.executor.resource.gpu.amount=1",
                "-Dspark.task.resource.gpu.amount=1");
        List<String> arguments = new ArrayList<>(
                List.of("submit", "pretrain", "--lake", data.toString(), "--device", "emit-only", "--passes", "1"));
        TinyLake.pretraining().forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        Path said = folder.resolve("said");
        Process process = GlossaProcess.start(said, environment, flags, arguments);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(said)).isZero();
        Folder checkpoint =
                Checkpoints.latest(Folder.of(data.resolve("models/pretrain"))).orElseThrow();
        assertThat(Checkpoints.meta(checkpoint).lineage())
                .containsEntry("glossa.device", "emit-only 3")
                .containsEntry("glossa.hardware", "emulated GPU 3");
    }

    /** What the script prints on a machine whose nvidia-smi does this. */
    private String discover(String body) throws Exception {
        ProcessBuilder script = new ProcessBuilder("bash", SCRIPT.toString()).redirectErrorStream(true);
        script.environment().put("PATH", fake(body) + ":" + System.getenv("PATH"));
        Process process = script.start();
        String said = new String(process.getInputStream().readAllBytes()).strip();
        assertThat(process.waitFor() == 0).as(said).isEqualTo(said.startsWith("{"));
        return said;
    }

    /** A folder with an nvidia-smi that does this. */
    private Path fake(String body) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path smi = Files.writeString(bin.resolve("nvidia-smi"), "#!/bin/sh\n" + body + "\n");
        assertThat(smi.toFile().setExecutable(true)).isTrue();
        return bin;
    }
}
