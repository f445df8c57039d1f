package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.featurize.text.TextConfig;
import io.glossa.jobs.evaluate.EvaluateConfig;
import io.glossa.jobs.evaluate.EvaluateJob;
import io.glossa.jobs.spark.Session;
import io.glossa.jobs.text.IngestTextJob;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.trainer.objective.Head;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MOST on a real Spark and a real lake, from a pre-trained encoder to recognisers. */
class MostJobTest {
    private static final List<String> TRAIN = List.of("train");
    private static final Machine TWO = new Machine("cpu", 1, 2, 0, "");
    private static final Machine RANKS = new Machine("cpu", 2, 1, 0, "");
    private static final String PHASES = "4:untranscribed=0.5+paired=1,6:untranscribed=0.5+paired=1+text=0.3";

    @TempDir
    static Path root;

    private static Lake lake;
    private static Session session;
    private static SparkSession spark;
    private static TrainResult encoder;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() throws Exception {
        lake = Lake.open(LakeConfig.local(root.resolve("lake")));
        session = Session.open("test", lake);
        spark = session.spark();
        TinyLake.fill(spark, lake);
        Path file = Files.writeString(root.resolve("sentences.txt"), """
                abc
                cab a
                abba
                bad
                caab
                cabcabcabcabcabcabcabcabcabcabcabcabcabcabc
                """);
        IngestTextJob.run(file.toString(), new TextConfig("en", "words", "CC0-1.0", 100, 1), lake, spark);
        Path italian = Files.writeString(root.resolve("italian.txt"), "bacca\n");
        IngestTextJob.run(italian.toString(), new TextConfig("it", "words", "CC0-1.0", 100, 1), lake, spark);
        encoder = PretrainJob.run(
                PretrainConfig.of("xs", TinyLake.pretraining("passes", "1"), TRAIN, Folder.of(root.resolve("pre")))
                        .on(TWO),
                lake,
                spark);
    }

    @AfterAll
    static void close() {
        session.close();
        lake.close();
    }

    @Test
    void goesFromAnEncoderToRecognisersAndDoesNothingTwice() {
        MostJobConfig config = MostJobConfig.from(
                        encoder.folder(), settings(PHASES), TRAIN, Folder.of(folder.resolve("most")))
                .hearing(List.of("train", "unlabelled"))
                .on(RANKS);
        TrainResult most = MostJob.run(config, lake, spark);

        assertThat(most.steps()).isEqualTo(10);
        assertThat(most.metrics())
                .containsKeys("paired.consistency", "text.nll", "text.text-rank", "untranscribed.masked-accuracy");
        assertThat(most.metrics().get("text.time-share")).isBetween(0.0, 1.0);
        assertThat(most.rejected())
                .as("'bad' and 'cab a' have characters of no transcript, one sentence has no bucket")
                .containsEntry("other-symbols", 2L)
                .containsEntry("too-long", 3L);
        CheckpointMeta meta = Checkpoints.meta(most.checkpoint());
        assertThat(meta.kind()).isEqualTo("most");
        assertThat(meta.config()).containsEntry("speech-layers", "1").containsEntry("symbols", "abc");
        assertThat(meta.lineage())
                .containsEntry("glossa.model-digest", encoder.digest())
                .containsEntry("glossa.untranscribed", "train,unlabelled")
                .containsKeys("glossa.input.features", "glossa.input.transcripts", "glossa.input.sentences");
        List<Row> texts = spark.read()
                .parquet(CensusTaking.labels(MostCensus.of(most.folder(), "text"))
                        .uri())
                .orderBy("order_hash")
                .collectAsList();
        assertThat(texts)
                .extracting(row -> row.getAs("text") + " " + row.getAs("copy"))
                .as("three English sentences, and the Italian one 3^(2/3) = 2.1 times")
                .contains("abc 0", "abba 0", "caab 0", "bacca 0", "bacca 1")
                .hasSizeBetween(5, 6);
        assertThat(texts).extracting(row -> row.getAs("order_hash")).doesNotHaveDuplicates();
        TrainResult again = MostJob.run(config, lake, spark);
        assertThat(again.alreadyDone()).isTrue();
        assertThat(again.digest()).isEqualTo(most.digest());

        FinetuneConfig finetune = FinetuneConfig.from(
                        Head.CTC,
                        most.folder(),
                        TinyLake.settings("passes", "1"),
                        TRAIN,
                        Folder.of(folder.resolve("ctc")))
                .on(TWO);
        Checkpoint recogniser =
                Checkpoints.read(FinetuneJob.run(finetune, lake, spark).checkpoint());
        assertThat(recogniser.model()).containsKey("encoder.speech.0.norm.weight");
        for (Folder model : List.of(most.folder(), finetune.folder())) {
            EvaluateConfig evaluate = new EvaluateConfig(
                    model,
                    Optional.empty(),
                    TRAIN,
                    List.of(),
                    OptionalLong.empty(),
                    "",
                    OptionalLong.empty(),
                    0,
                    "cpu");
            assertThat(EvaluateJob.run(evaluate, lake, spark).utterances()).hasSize(12);
        }
    }

    /** With next to no rate the heads and codebooks are those that it began with. */
    @Test
    @Tag("slow")
    void goesOnWithTheHeadsOfBestRq() {
        MostJobConfig config = MostJobConfig.from(
                        encoder.folder(),
                        settings("1:untranscribed+paired", "learning-rate", "1e-30"),
                        TRAIN,
                        Folder.of(folder.resolve("most")))
                .on(RANKS);
        Checkpoint before = Checkpoints.read(encoder.checkpoint());
        Checkpoint after = Checkpoints.read(MostJob.run(config, lake, spark).checkpoint());

        before.model()
                .forEach((name, tensor) ->
                        assertThat(after.model().get(name).floats()).as(name).isEqualTo(tensor.floats()));
        assertThat(after.model().keySet())
                .contains("encoder.speech.0.norm.weight", "joint.output.weight", "text.blocks.0.norm.weight");
    }

    @Test
    void anotherModelOrPhaseIsRefused() {
        assertThatThrownBy(() ->
                        MostJobConfig.from(encoder.folder(), settings(PHASES, "layers", "2"), TRAIN, Folder.of(folder)))
                .hasMessageContaining("Cannot set 'layers' of the encoder");
        assertThatThrownBy(() -> MostJobConfig.of("xs", settings("9:speech"), TRAIN, Folder.of(folder)))
                .hasMessageStartingWith("Cannot train in the phase '9:speech'");
        assertThatThrownBy(() -> MostJobConfig.of("xs", settings("9:text"), TRAIN, Folder.of(folder)))
                .hasMessageContaining("Cannot train by MOST without speech that has text");
        assertThatThrownBy(() ->
                        MostJobConfig.of("xs", settings(PHASES, "text-temperature", "0.5"), TRAIN, Folder.of(folder)))
                .hasMessageContaining("text-temperature=0.5, expected a number from 1");
        assertThatThrownBy(() -> MostJobConfig.of("xs", settings(PHASES, "passes", "2"), TRAIN, Folder.of(folder)))
                .hasMessageContaining("expected steps");
        assertThatThrownBy(() -> MostJob.run(
                        MostJobConfig.from(encoder.folder(), settings(PHASES), TRAIN, Folder.of(folder))
                                .on(FeatureChoice.STORED, new TextSnapshots(OptionalLong.empty(), OptionalLong.of(7))),
                        lake,
                        spark))
                .hasMessageContaining("snapshot 7");
    }

    private static Map<String, String> settings(String phases, String... more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "phases", phases,
                "buckets", "80",
                "batch-seconds", "3.2",
                "untranscribed-batch-seconds", "3.2",
                "text-batch-seconds", "1.6",
                "parts", "2",
                "prediction-width", "6",
                "joint-width", "10"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }
}
