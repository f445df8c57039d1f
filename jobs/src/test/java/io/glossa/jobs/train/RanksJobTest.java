package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.glossa.jobs.spark.Session;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ranks as tasks of a barrier stage. */
class RanksJobTest {
    private static final String SECRET = "what-nobody-may-read";

    @TempDir
    Path folder;

    /** The folder is one that Hadoop settings alone lead to, which are Spark's and nobody else's. */
    @Test
    void twoExecutorsTrainAsOneRankDoes() throws Exception {
        Path data = folder.resolve("lake");
        TrainResult alone;
        try (Lake lake = Lake.open(LakeConfig.local(data));
                Session session = Session.open("test", lake)) {
            TinyLake.fill(session.spark(), lake);
            alone = PretrainJob.run(config("alone", 1, 2), lake, session.spark());
        }
        Folder runs = Folder.of(Files.createDirectories(folder.resolve("elsewhere")));
        Process process = TwoExecutors.pretrain(
                folder,
                data,
                settings(2),
                List.of(
                        "-Dspark.hadoop.fs.viewfs.mounttable.shared.link./runs=" + runs.uri(),
                        "-Dspark.hadoop.fs.s3a.secret.key=" + SECRET),
                List.of("--out", "viewfs://shared/runs/pretrain"));
        assertThat(process.waitFor(15, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said()).isZero();

        CheckpointMeta together =
                Checkpoints.meta(Checkpoints.latest(runs.resolve("pretrain")).orElseThrow());
        assertThat(together.step()).isEqualTo(alone.steps());
        assertThat(together.lineage()).containsEntry("glossa.ranks", "2");
        double loss = alone.metrics().get("loss");
        assertThat(together.metrics().get("loss")).isCloseTo(loss, within(1e-4 * loss));
        assertThat(MetricsFile.read(runs.resolve("pretrain")))
                .extracting(MetricsLine::epoch)
                .containsExactly(1, 2, 3);
        requireNoSecretIn(folder);
    }

    private static void requireNoSecretIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(SECRET);
            }
        }
    }

    /** Room for two of three: the parts of three are dealt to them. */
    @Test
    void goesOnWithFewerRanksWhereThatIsAllowed() {
        System.setProperty("spark.master", "local[2]");
        try (Lake lake = Lake.open(LakeConfig.local(folder.resolve("lake")));
                Session session = Session.open("test", lake)) {
            TinyLake.fill(session.spark(), lake);
            TrainResult all = PretrainJob.run(config("all", 2, 3), lake, session.spark());
            TrainResult fewer = PretrainJob.run(
                    config("fewer", 2, 3).on(new Machine("cpu", 3, 2, 1, 0, "", 1, 0)), lake, session.spark());

            assertThat(fewer.metrics()).isEqualTo(all.metrics());
            assertThat(Checkpoints.meta(fewer.checkpoint()).lineage()).containsEntry("glossa.ranks", "2");
            assertThatThrownBy(() -> new Machine("cpu", 2, 3, 1, 0, "", 1, 0))
                    .hasMessage(
                            "Cannot go on with 3 ranks, expected from 1 to the 2 that there are to be (--min-ranks)");
        } finally {
            System.clearProperty("spark.master");
        }
    }

    @Test
    void tooFewSlotsAndTooFewPartsAreSaidAtOnce() {
        System.setProperty("spark.master", "local[2]");
        try (Lake lake = Lake.open(LakeConfig.local(folder.resolve("lake")));
                Session session = Session.open("test", lake)) {
            TinyLake.fill(session.spark(), lake);
            assertThatThrownBy(() -> PretrainJob.run(config("few", 3, 2), lake, session.spark()))
                    .hasMessage("Cannot train on 3 ranks: found parts=2, expected a part of each batch for every rank"
                            + " (--set parts=3, each of batch-seconds of audio)");
            assertThatThrownBy(() -> PretrainJob.run(config("few", 3, 3), lake, session.spark()))
                    .hasMessage(
                            "Cannot train on 3 ranks: Spark has room for 2 tasks at once, expected 3 (fewer --ranks, or"
                                    + " more executors or GPUs; a local master has a task per core, as in -- --master"
                                    + " 'local[3]')");
        } finally {
            System.clearProperty("spark.master");
        }
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("said"));
    }

    private static Map<String, String> settings(int parts) {
        return TinyLake.pretraining("passes", "3", "parts", Integer.toString(parts), "batch-seconds", "1.6");
    }

    private PretrainConfig config(String name, int ranks, int parts) {
        return PretrainConfig.of("xs", settings(parts), List.of("train"), Folder.of(folder.resolve(name)))
                .on(new Machine("cpu", ranks, 1, 0, ""));
    }
}
