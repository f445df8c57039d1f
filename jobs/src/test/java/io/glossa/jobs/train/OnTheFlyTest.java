package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.config.ConfigBinder;
import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.featurize.ingest.IngestConfig;
import io.glossa.featurize.ingest.WaveConfig;
import io.glossa.featurize.mel.FrontEndConfig;
import io.glossa.featurize.source.AudioFolder;
import io.glossa.jobs.TestRecordings;
import io.glossa.jobs.consent.Usage;
import io.glossa.jobs.featurize.FeaturizeJob;
import io.glossa.jobs.ingest.IngestJob;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.LakeTable;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.text.TextEncoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings on features computed from audio, beside those on the features that {@code featurize} stored of the same lake. */
class OnTheFlyTest {
    private static final FrontEndConfig FRONT_END = ConfigBinder.bind(
            FrontEndConfig.class, Map.of("mels", Integer.toString(TinyLake.MELS)), FrontEndConfig.usm());
    private static final FeatureChoice ON_THE_FLY =
            new FeatureChoice(FeatureOrigin.ON_THE_FLY, OptionalLong.empty(), "", Usage.DEFAULTS);
    private static final List<String> ALL = List.of("train", "unlabelled", "test");
    private static final int RECORDINGS = 24;

    @TempDir
    static Path root;

    private static Lake lake;
    private static Session session;
    private static SparkSession spark;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() throws IOException {
        System.setProperty("spark.master", "local[2]");
        lake = Lake.open(LakeConfig.local(root.resolve("lake")));
        session = Session.open("test", lake);
        spark = session.spark();
        Path audio = root.resolve("audio");
        TestRecordings.writeWithTexts(audio, RECORDINGS);
        IngestJob.run(
                new AudioFolder(audio.toString(), TextEncoding.UNICODE),
                IngestConfig.standard(),
                WaveConfig.standard(),
                lake,
                spark);
        FeaturizeJob.run(FRONT_END, OptionalLong.empty(), lake, spark);
    }

    @AfterAll
    static void close() {
        session.close();
        lake.close();
        System.clearProperty("spark.master");
    }

    @Test
    void twoRanksPretrainToTheBitsOfStoredFeatures() throws IOException {
        TrainResult stored = pretrain("stored", FeatureChoice.STORED, 1);
        TrainResult computed = pretrain("computed", ON_THE_FLY, 3);

        requireEqual(computed, stored);
        assertThat(computed.summary().in()).isEqualTo(stored.summary().in());
        assertThat(computed.rejected()).isEqualTo(stored.rejected()).containsKey("too-long");
        assertThat(computed.summary().notes().get("data")).matches(".* waited for it \\d+\\.\\d % of the time");
        CheckpointMeta meta = Checkpoints.meta(computed.checkpoint());
        String utterances = Long.toString(lake.snapshot(LakeTable.UTTERANCES).orElseThrow());
        assertThat(meta.lineage())
                .containsEntry("glossa.features", "on-the-fly")
                .containsEntry("glossa.input.utterances", utterances)
                .doesNotContainKey("glossa.input.features");
        assertThat(lake.table(LakeTable.UTTERANCES).refs())
                .containsKey("run-" + meta.lineage().get("glossa.run"));
        assertThat(pretrain("computed", ON_THE_FLY, 1).alreadyDone()).isTrue();

        assertThatThrownBy(() -> pretrain("computed", FeatureChoice.STORED, 1))
                .hasMessageContaining("its checkpoint has features on-the-fly, found stored, expected the same");
    }

    @Test
    void finetunesToTheBitsOfStoredFeaturesAfterAnInterruption() throws IOException {
        TrainResult stored = finetune("stored", FeatureChoice.STORED);
        TrainResult whole = finetune("computed", ON_THE_FLY);
        requireEqual(whole, stored);

        Files.delete(Path.of(whole.checkpoint().file("DONE")));
        TrainResult again = finetune("computed", ON_THE_FLY);
        assertThat(again.summary().out()).contains("resumed from step 12");
        requireEqual(again, stored);
    }

    /** As older writers left them, which lie in the files of no class of length. */
    @Test
    void utterancesWithoutAnOrderAreTrainedOnInTheSameOrder() throws IOException {
        TrainResult stored = pretrain("stored", FeatureChoice.STORED, 1);
        changed("UPDATE lake.glossa.utterances SET order_hash = null, length_class = null", () -> {
            requireEqual(pretrain("computed", ON_THE_FLY, 1), stored);
        });
    }

    @Test
    void audioThatDoesNotDecodeEndsTheTrainingWithItsName() throws IOException {
        String uri = spark.sql("SELECT min(recording_uri) FROM lake.glossa.utterances WHERE duration_s < 1.2")
                .first()
                .getString(0);
        for (String audio : List.of("substring(audio, 1, 40)", "encode('no audio', 'UTF-8')")) {
            changed(
                    "UPDATE lake.glossa.utterances SET audio = " + audio + " WHERE recording_uri = '" + uri + "'",
                    () -> assertThatThrownBy(() -> pretrain("damaged", ON_THE_FLY, 2))
                            .isInstanceOfSatisfying(
                                    GlossaException.class,
                                    error -> assertThat(error.type()).isEqualTo(ErrorType.DATA))
                            .hasMessageStartingWith("Cannot compute the features of utterance ")
                            .hasMessageContaining(uri)
                            .hasMessageContaining("expected FLAC of "));
        }
    }

    private interface Check {
        void run() throws IOException;
    }

    /** Checks with another snapshot of utterances. */
    private static void changed(String sql, Check check) throws IOException {
        long before = lake.snapshot(LakeTable.UTTERANCES).orElseThrow();
        spark.sql(sql);
        try {
            check.run();
        } finally {
            lake.table(LakeTable.UTTERANCES)
                    .manageSnapshots()
                    .rollbackTo(before)
                    .commit();
        }
    }

    private static void requireEqual(TrainResult computed, TrainResult stored) throws IOException {
        assertThat(computed.metrics()).isEqualTo(stored.metrics());
        assertThat(computed.digest()).isEqualTo(stored.digest());
        for (Path optimizer : optimizers(stored)) {
            assertThat(Path.of(
                            computed.checkpoint().file(optimizer.getFileName().toString())))
                    .hasSameBinaryContentAs(optimizer);
        }
    }

    private static List<Path> optimizers(TrainResult result) throws IOException {
        try (var files = Files.list(result.checkpoint().local().orElseThrow())) {
            List<Path> found = files.filter(
                            file -> file.getFileName().toString().startsWith("optimizer"))
                    .toList();
            assertThat(found).isNotEmpty();
            return found;
        }
    }

    private TrainResult pretrain(String name, FeatureChoice features, int threads) {
        Map<String, String> set =
                TinyLake.pretraining("passes", "3", "parts", "2", "batch-seconds", "2", "buckets", "120,160");
        PretrainConfig config = PretrainConfig.of("xs", set, ALL, Folder.of(folder.resolve(name)))
                .on(features)
                .on(new Machine("cpu", 2, 2, 1, 0, "", threads, 25));
        return PretrainJob.run(config, lake, spark);
    }

    private TrainResult finetune(String name, FeatureChoice features) {
        Map<String, String> set =
                TinyLake.settings("passes", "3", "checkpoint-steps", "3", "batch-seconds", "8", "buckets", "120,200");
        FinetuneConfig config = FinetuneConfig.of("xs", set, ALL, Folder.of(folder.resolve(name)))
                .on(features)
                .on(new Machine("cpu", 1, 2, 0, ""));
        return FinetuneJob.run(config, lake, spark);
    }
}
