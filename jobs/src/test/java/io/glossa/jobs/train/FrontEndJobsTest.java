package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.jobs.evaluate.EvaluateConfig;
import io.glossa.jobs.evaluate.EvaluateJob;
import io.glossa.jobs.evaluate.EvaluateResult;
import io.glossa.jobs.label.LabelJob;
import io.glossa.jobs.spark.Session;
import io.glossa.nst.FilterConfig;
import io.glossa.nst.LabelConfig;
import io.glossa.nst.Teacher;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.LakeTable;
import io.glossa.storage.checkpoint.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs on a lake with features of three front ends: {@code tiny} of all utterances, {@code other} of ten, and {@code wide},
 * of twice the bins.
 */
class FrontEndJobsTest {
    private static final List<String> TRAIN = List.of("train");

    @TempDir
    static Path root;

    private static Lake lake;
    private static Session session;
    private static SparkSession spark;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() {
        lake = Lake.open(LakeConfig.local(root));
        session = Session.open("test", lake);
        spark = session.spark();
        TinyLake.fill(spark, lake);
        add("n_mels", "logmel", "other");
        add("2 * n_mels", "concat(logmel, logmel)", "wide");
    }

    /** As they were written before there was an order. */
    private static void add(String mels, String logmel, String digest) {
        spark.sql(
                "INSERT INTO lake.glossa.features SELECT utterance_id, lang, split, n_frames, " + mels + ", encoding, "
                        + logmel + ", '" + digest
                        + "', null, null FROM lake.glossa.features WHERE config_digest = 'tiny' AND utterance_id LIKE"
                        + " 'human-%'");
    }

    @AfterAll
    static void close() {
        session.close();
        lake.close();
    }

    @Test
    void aTrainingFromNothingIsToldWhich() {
        for (String asked : List.of("", "absent")) {
            assertThatThrownBy(() -> pretrain(asked))
                    .isInstanceOfSatisfying(
                            GlossaException.class,
                            error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                    .hasMessageContaining("other (10 utterances, 8 mels")
                    .hasMessageContaining("tiny (19 utterances, 8 mels")
                    .hasMessageContaining("wide (10 utterances, 16 mels");
        }
        assertThatThrownBy(() -> FinetuneJob.run(config("none"), lake, spark))
                .hasMessageStartingWith("Cannot finetune: ")
                .hasMessageContaining("3 front ends");
        assertThatThrownBy(() -> pretrain("wide"))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("16 mels");

        TrainResult all = pretrain("ti");
        assertThat(all.summary().in()).startsWith("18 utterances");
        assertThat(all.rejected()).isEqualTo(Map.of("too-long", 1L));
        TrainResult ten = pretrain("oth");
        assertThat(ten.summary().in()).startsWith("10 utterances");
        assertThat(ten.rejected()).isEmpty();
        assertThat(Checkpoints.meta(ten.checkpoint()).lineage()).containsEntry("glossa.front-end", "other");
        assertThat(ten.summary().notes()).containsEntry("front end", "other");
    }

    @Test
    void aModelReadsItsOwn() throws IOException {
        TrainResult encoder = pretrain("other");
        FinetuneConfig finetune = FinetuneConfig.from(
                        encoder.folder(), TinyLake.settings("passes", "1"), TRAIN, Folder.of(folder.resolve("ctc")))
                .on(new Machine("cpu", 1, 2, 0, ""));
        TrainResult recogniser = FinetuneJob.run(finetune, lake, spark);
        assertThat(recogniser.summary().in()).startsWith("10 utterances");
        assertThat(recogniser.rejected()).as("two that persons transcribed").isEqualTo(Map.of("no-features", 2L));
        assertThatThrownBy(() -> FinetuneJob.run(finetune.on(FeatureChoice.STORED.of("tiny")), lake, spark))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("the model was trained on those of other");

        EvaluateResult evaluation = EvaluateJob.run(evaluate(recogniser, ""), lake, spark);
        assertThat(evaluation.utterances()).hasSize(10);
        assertThat(evaluation.evaluation().subject().frontEnd()).isEqualTo("other");
        assertThatThrownBy(() -> EvaluateJob.run(evaluate(recogniser, "tiny"), lake, spark))
                .isInstanceOf(GlossaException.class);
        LabelConfig labels =
                new LabelConfig(TRAIN, 5, lake.snapshot(LakeTable.FEATURES).orElseThrow(), FilterConfig.DEFAULTS);
        assertThat(LabelJob.run(labels, Teacher.of(recogniser.checkpoint()), lake, spark)
                        .labels()
                        .added())
                .isEqualTo(10);
    }

    private static EvaluateConfig evaluate(TrainResult model, String frontEnd) {
        return new EvaluateConfig(
                model.checkpoint(),
                Optional.empty(),
                TRAIN,
                List.of(),
                OptionalLong.empty(),
                frontEnd,
                OptionalLong.empty(),
                0,
                "cpu");
    }

    @Test
    void aModelWhoseFrontEndTheLakeLacksIsTheUsersError() {
        TrainResult encoder = pretrain("other");
        long before = lake.snapshot(LakeTable.FEATURES).orElseThrow();
        spark.sql("DELETE FROM lake.glossa.features WHERE config_digest = 'other'");
        try {
            FinetuneConfig finetune = FinetuneConfig.from(
                    encoder.folder(), TinyLake.settings("passes", "1"), TRAIN, Folder.of(folder.resolve("ctc")));
            assertThatThrownBy(() -> FinetuneJob.run(finetune, lake, spark))
                    .isInstanceOf(GlossaException.class)
                    .hasMessageContaining("none of front end other")
                    .hasMessageContaining("featurize");
        } finally {
            rollBack(before);
        }
    }

    @Test
    void featuresOfOtherBytesThanTheirFramesAreTheDatasError() {
        long before = lake.snapshot(LakeTable.FEATURES).orElseThrow();
        for (String mels : List.of("n_mels", "if(utterance_id = 'human-5', 2 * n_mels, n_mels)")) {
            add(mels, mels.equals("n_mels") ? "substring(logmel, 1, 100)" : "logmel", "bent");
            try {
                assertThatThrownBy(() -> pretrain("bent"))
                        .isInstanceOfSatisfying(
                                GlossaException.class,
                                error -> assertThat(error.type()).isEqualTo(ErrorType.DATA))
                        .hasMessageStartingWith("Cannot read the features of utterance human-");
            } finally {
                rollBack(before);
            }
        }
    }

    private static void rollBack(long snapshot) {
        lake.table(LakeTable.FEATURES)
                .manageSnapshots()
                .setCurrentSnapshot(snapshot)
                .commit();
    }

    /** The checkpoint before a damaged one, and its front end, are what a run goes on from. */
    @Test
    void goesOnFromTheCheckpointBeforeADamagedOne() throws IOException {
        FinetuneConfig first =
                config("run", "passes", "4", "checkpoint-steps", "3").on(FeatureChoice.STORED.of("tiny"));
        TrainResult whole = FinetuneJob.run(first, lake, spark);
        Path optimizer = Path.of(whole.checkpoint().file("optimizer.safetensors"));
        byte[] bytes = Files.readAllBytes(optimizer);
        bytes[bytes.length - 1] ^= 1;
        Files.write(optimizer, bytes);
        long standing = Checkpoints.meta(Checkpoints.latest(whole.folder()).orElseThrow())
                .step();
        assertThat(standing).isPositive().isLessThan(whole.steps());

        TrainResult again = FinetuneJob.run(first.on(FeatureChoice.STORED.of("")), lake, spark);

        assertThat(again.alreadyDone()).isFalse();
        assertThat(again.summary().out()).contains("resumed from step " + standing);
        assertThat(again.checkpoint()).isEqualTo(whole.checkpoint());
        assertThat(again.digest()).isEqualTo(whole.digest());
        assertThat(Files.readAllBytes(optimizer)).isNotEqualTo(bytes);
    }

    private TrainResult pretrain(String frontEnd) {
        PretrainConfig config = PretrainConfig.of(
                        "xs",
                        TinyLake.pretraining("passes", "1"),
                        List.of("train", "unlabelled"),
                        Folder.of(folder.resolve("pre-" + frontEnd)))
                .on(FeatureChoice.STORED.of(frontEnd))
                .on(new Machine("cpu", 1, 2, 0, ""));
        return PretrainJob.run(config, lake, spark);
    }

    private FinetuneConfig config(String name, String... settings) {
        return FinetuneConfig.of("xs", TinyLake.settings(settings), TRAIN, Folder.of(folder.resolve(name)))
                .on(new Machine("cpu", 1, 2, 0, ""));
    }
}
