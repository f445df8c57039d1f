package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.jobs.GlossaProcess;
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
import io.glossa.storage.SnapshotReader;
import io.glossa.storage.checkpoint.Base;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.lineage.DatasetName;
import io.glossa.trainer.objective.Head;
import io.glossa.trainer.runtime.host.Processor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Training jobs on a real Spark and a real lake, in one session, as a demo calls them. */
class TrainingJobsTest {
    private static final List<String> TRAIN = List.of("train");
    private static final Machine TWO = new Machine("cpu", 1, 2, 0, "");

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
    }

    @AfterAll
    static void close() {
        session.close();
        lake.close();
    }

    @Test
    void pretrainsThenFinetunesAndDoesNothingTwice() throws IOException {
        PretrainConfig pretrain = PretrainConfig.of(
                        "xs",
                        TinyLake.pretraining("passes", "3"),
                        List.of("train", "unlabelled"),
                        Folder.of(folder.resolve("pre")))
                .on(TWO);
        TrainResult encoder = PretrainJob.run(pretrain, lake, spark);
        assertThat(encoder.alreadyDone()).isFalse();
        assertThat(encoder.metrics()).containsKeys("loss", "masked-accuracy", "codebook-perplexity.1");
        assertThat(encoder.rejected()).isEqualTo(Map.of("too-long", 1L));

        FinetuneConfig finetune = FinetuneConfig.from(
                        encoder.folder(), TinyLake.settings("passes", "3"), TRAIN, Folder.of(folder.resolve("ctc")))
                .on(TWO);
        TrainResult recogniser = FinetuneJob.run(finetune, lake, spark);
        assertThat(recogniser.rejected()).isEqualTo(Map.of("too-long", 1L, "no-text", 1L, "too-many-symbols", 1L));
        assertThat(recogniser.summary().rejected()).isEqualTo(recogniser.rejected());
        CheckpointMeta meta = Checkpoints.meta(recogniser.checkpoint());
        assertThat(meta.kind()).isEqualTo("ctc");
        assertThat(meta.config()).containsEntry("symbols", "abc");
        assertThat(meta.lineage())
                .containsEntry("glossa.job", "finetune")
                .containsEntry("glossa.model-digest", encoder.digest())
                .containsEntry("glossa.input.features", snapshot(LakeTable.FEATURES))
                .containsEntry("glossa.input.transcripts", snapshot(LakeTable.TRANSCRIPTS))
                .containsKeys("glossa.run", "glossa.config-digest", "glossa.code-version", "glossa.hours");
        assertThat(lake.table(LakeTable.FEATURES).refs())
                .containsKey("run-" + meta.lineage().get("glossa.run"));
        List<MetricsLine> lines = MetricsFile.read(recogniser.folder());
        assertThat(lines).extracting(MetricsLine::epoch).containsExactly(1, 2, 3);
        assertThat(lines.get(2).step()).isEqualTo(lines.get(2).totalSteps()).isEqualTo(recogniser.steps());

        List<GenericRecord> rejects = rejects();
        String tables = lake.snapshot(LakeTable.REJECTS).toString();
        TrainResult again = FinetuneJob.run(finetune, lake, spark);
        assertThat(again.alreadyDone()).isTrue();
        assertThat(again.digest()).isEqualTo(recogniser.digest());
        assertThat(again.summary().out()).startsWith("already done");
        assertThat(rejects()).hasSameSizeAs(rejects);
        assertThat(lake.snapshot(LakeTable.REJECTS)).hasToString(tables);
        joined(recogniser);
    }

    /** From an interrupted training on to labels. */
    @ParameterizedTest
    @EnumSource(
            value = Head.class,
            names = {"RNNT", "LAS"})
    void everyHeadIsTrainedGoneOnWithEvaluatedAndLabelledWith(Head head) {
        Folder models = Folder.of(folder.resolve(head.kind()));
        TrainResult recogniser = null;
        for (String passes : List.of("1", "2")) {
            recogniser = FinetuneJob.run(
                    FinetuneConfig.of(head, "xs", TinyLake.head(head, "passes", passes), TRAIN, models)
                            .on(TWO),
                    lake,
                    spark);
            assertThat(recogniser.alreadyDone()).isFalse();
        }
        assertThat(recogniser.summary().out()).contains("resumed from step");
        assertThat(recogniser.rejected()).isEqualTo(Map.of("too-long", 1L, "no-text", 1L));
        assertThat(recogniser.metrics().get("nll")).isPositive();
        CheckpointMeta meta = Checkpoints.meta(recogniser.checkpoint());
        assertThat(meta.kind()).isEqualTo(head.kind());
        assertThat(meta.config()).containsAllEntriesOf(head.settings(TinyLake.head(head)));

        EvaluateResult evaluated = EvaluateJob.run(evaluation(models, Optional.empty()), lake, spark);
        assertThat(evaluated.utterances()).hasSize(12);
        long features = lake.snapshot(LakeTable.FEATURES).orElseThrow();
        LabelConfig labels =
                new LabelConfig(List.of("unlabelled"), 10 + head.ordinal(), features, new FilterConfig(0, 0.5, 6, 3));
        assertThat(LabelJob.run(labels, Teacher.of(models), lake, spark)
                        .labels()
                        .added())
                .isEqualTo(6);

        FinetuneConfig other = FinetuneConfig.of("xs", TinyLake.settings("passes", "1"), TRAIN, models)
                .on(TWO);
        assertThatThrownBy(() -> FinetuneJob.run(other, lake, spark))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                .hasMessage("Cannot resume finetune in " + models + ": its checkpoint has kind " + head.kind()
                        + ", found ctc, expected the same (name it, or start anew in another folder)");
    }

    @Test
    void adaptersAreGoneOnWithAndEvaluatedAsAnyModel() throws IOException {
        PretrainConfig pretrain = PretrainConfig.of(
                        "xs", TinyLake.pretraining("passes", "1"), TRAIN, Folder.of(folder.resolve("pre")))
                .on(TWO);
        Folder encoder = PretrainJob.run(pretrain, lake, spark).checkpoint();
        TrainResult recogniser = null;
        for (String passes : List.of("1", "2")) {
            Map<String, String> set = TinyLake.settings("passes", passes, "freeze", "encoder.**", "adapter-width", "2");
            recogniser = FinetuneJob.run(
                    FinetuneConfig.from(encoder, set, TRAIN, Folder.of(folder.resolve("adapters")))
                            .on(TWO),
                    lake,
                    spark);
            assertThat(recogniser.alreadyDone()).isFalse();
        }
        CheckpointMeta meta = Checkpoints.meta(recogniser.checkpoint());
        assertThat(meta.base()).contains(Base.of(encoder));
        assertThat(meta.lineage()).containsEntry("glossa.model-digest", Checkpoints.digest(encoder));

        Path moved = folder.resolve("moved");
        Files.move(Path.of(encoder.location()), moved);
        Folder model = recogniser.checkpoint();
        assertThatThrownBy(() -> EvaluateJob.run(evaluation(model, Optional.empty()), lake, spark))
                .hasMessageContaining("no checkpoint is in " + encoder)
                .hasMessageContaining("--base DIR names another place");
        EvaluateResult evaluated = EvaluateJob.run(evaluation(model, Optional.of(Folder.of(moved))), lake, spark);
        assertThat(evaluated.alreadyDone()).isFalse();
        assertThatThrownBy(() -> FinetuneConfig.from(model, Map.of("adapter-width", "3"), TRAIN, encoder))
                .hasMessageContaining("Cannot read the adapters");
        assertThatThrownBy(() -> FinetuneConfig.from(
                        Head.CTC,
                        Pretrained.of(model, Optional.of(Folder.of(moved))),
                        Map.of("adapter-width", "3"),
                        TRAIN,
                        encoder))
                .hasMessageContaining("found '3', expected '2', which its parameters have");
    }

    private static EvaluateConfig evaluation(Folder model, Optional<Folder> base) {
        return new EvaluateConfig(
                model, base, TRAIN, List.of(), OptionalLong.empty(), "", OptionalLong.empty(), 0, "cpu");
    }

    @Test
    void whatAMachineLacksIsSaidOnce() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        Path said = folder.resolve("said");
        List<String> arguments = new ArrayList<>(List.of("submit", "pretrain", "--lake", root.toString()));
        arguments.addAll(
                List.of("--device", "emit-only", "--out", folder.resolve("run").toString()));
        TinyLake.pretraining().forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        Process process = GlossaProcess.start(said, Map.of("GLOSSA_CACHE", file.toString()), List.of(), arguments);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(said)).isEqualTo(4);
        assertThat(said)
                .content()
                .containsOnlyOnce("Cannot keep compiled kernels")
                .doesNotContain("launch");
    }

    @Test
    void aStudentSeesPseudoLabelsAtTheMixAskedFor() {
        TrainResult alone = student("alone", PseudoLabels.NONE);
        TrainResult twice = student("twice", new PseudoLabels(1, 2));

        assertThat(alone.pseudoHours()).isZero();
        assertThat(twice.hours()).isEqualTo(alone.hours());
        double each = 32 / 360_000.0;
        assertThat(twice.pseudoHours()).as("four accepted, twice each").isCloseTo(8 * each, within(1e-12));
        assertThat(twice.rejected()).containsEntry("other-symbols", 1L);
        assertThat(twice.summary().notes()).containsKey("mix");
    }

    @Test
    void anUtteranceWithAPseudoLabelIsNotRefusedForLackOfAText() {
        FinetuneConfig config = FinetuneConfig.of(
                "xs",
                TinyLake.settings("passes", "1"),
                List.of("train", "unlabelled"),
                Folder.of(folder.resolve("both")));

        TrainResult both = FinetuneJob.run(config.with(new PseudoLabels(1, 1)).on(TWO), lake, spark);

        assertThat(both.rejected())
                .as(
                        "the silent one, and one without an accepted label; a label of other symbols is refused as such alone")
                .containsEntry("no-text", 2L)
                .containsEntry("other-symbols", 1L);
    }

    @Test
    void bf16LearnsAsFp32Does() {
        assumeThat(Processor.hasBf16(Processor.features()))
                .as("this processor has instructions for bf16")
                .isTrue();
        TrainResult full = train("fp32");
        TrainResult half = train("bf16");

        assertThat(half.digest()).isNotEqualTo(full.digest());
        assertThat(half.metrics().get("loss")).isCloseTo(full.metrics().get("loss"), withinPercentage(1));
    }

    private TrainResult train(String dtype) {
        Map<String, String> settings = TinyLake.settings("passes", "5", "dtype", dtype);
        return FinetuneJob.run(
                FinetuneConfig.of("xs", settings, TRAIN, Folder.of(folder.resolve(dtype)))
                        .on(TWO),
                lake,
                spark);
    }

    @Test
    void pseudoLabelsThatAreNotThereAreTheUsersError() {
        assertThatThrownBy(() -> student("none", new PseudoLabels(4, 1)))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("pseudo-labels of generation 4")
                .hasMessageContaining("run label first");
    }

    @Test
    void aFolderOfOtherDataOrSettingsIsRefused() throws IOException {
        TrainResult first = student("same", PseudoLabels.NONE);
        long before = lake.snapshot(LakeTable.FEATURES).orElseThrow();
        TinyLake.addOne(spark, lake);
        long after = lake.snapshot(LakeTable.FEATURES).orElseThrow();
        try {
            assertThatThrownBy(() -> student("same", PseudoLabels.NONE))
                    .isInstanceOfSatisfying(
                            GlossaException.class,
                            error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                    .hasMessageContaining(Long.toString(before))
                    .hasMessageContaining(Long.toString(after));
            FinetuneConfig pinned = config("same", "1").on(FeatureChoice.STORED.at(OptionalLong.of(before)));
            assertThat(FinetuneJob.run(pinned, lake, spark).digest()).isEqualTo(first.digest());
            FinetuneConfig other = FinetuneConfig.of(
                            "xs", TinyLake.settings("passes", "1", "learning-rate", "1"), TRAIN, first.folder())
                    .on(FeatureChoice.STORED.at(OptionalLong.of(before)));
            assertThatThrownBy(() -> FinetuneJob.run(other, lake, spark)).hasMessageContaining("learning-rate=1.0");
            FileTime counted = FileTime.fromMillis(1000);
            Path census = folder.resolve("same").resolve(CensusFile.NAME);
            Files.setLastModifiedTime(census, counted);
            FinetuneConfig mistyped = FinetuneConfig.of(
                            "xs", TinyLake.settings("passes", "1", "buckets", "40,80"), TRAIN, first.folder())
                    .on(FeatureChoice.STORED.at(OptionalLong.of(before)));
            assertThatThrownBy(() -> FinetuneJob.run(mistyped, lake, spark))
                    .hasMessageContaining("its checkpoint has buckets 80, found 40,80, expected the same");
            assertThat(Files.getLastModifiedTime(census)).isEqualTo(counted);
        } finally {
            lake.table(LakeTable.FEATURES).manageSnapshots().rollbackTo(before).commit();
        }
    }

    @Test
    void anUnknownKeyNamesItsNearest() {
        assertThatThrownBy(() -> PretrainConfig.of("xs", Map.of("learing-rate", "1"), TRAIN, Folder.of(folder)))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("did you mean 'learning-rate'?")
                .hasMessageContaining("codebooks");
    }

    @Test
    void aFailureThatMayPassIsTriedAgainAndItsFirstCauseShown() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        FinetuneConfig config = config("failing", "1")
                .on(new Machine("cpu", 1, 1, 0, file.resolve("dumps").toString()));

        assertThatThrownBy(() -> FinetuneJob.run(config, lake, spark))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.RESOURCE))
                .hasMessageStartingWith("Cannot dump graphs");
        assertThat(events())
                .filteredOn(event -> event.at("/eventType").asText().equals("FAIL"))
                .anySatisfy(event -> assertThat(event.toString()).contains("Cannot dump graphs"));
    }

    private TrainResult student(String name, PseudoLabels pseudo) {
        return FinetuneJob.run(config(name, "1").with(pseudo), lake, spark);
    }

    private FinetuneConfig config(String name, String passes) {
        return FinetuneConfig.of("xs", TinyLake.settings("passes", passes), TRAIN, Folder.of(folder.resolve(name)))
                .on(TWO);
    }

    private static String snapshot(LakeTable table) {
        return Long.toString(lake.snapshot(table).orElseThrow());
    }

    private static List<GenericRecord> rejects() {
        long snapshot = lake.snapshot(LakeTable.REJECTS).orElseThrow();
        try (Stream<GenericRecord> rows =
                SnapshotReader.of(lake, LakeTable.REJECTS, snapshot).rows()) {
            return rows.toList();
        }
    }

    /** Spark's events name as an output what ours name as an input, and ours name the checkpoint. */
    private static void joined(TrainResult result) throws IOException {
        DatasetName features = DatasetName.of(lake, LakeTable.FEATURES);
        List<JsonNode> ours = events().stream()
                .filter(event -> event.toString().contains(result.checkpoint().toString()))
                .toList();
        assertThat(ours).extracting(event -> event.at("/eventType").asText()).contains("COMPLETE");
        assertThat(ours.get(0).toString()).contains(features.name()).contains(result.digest());
        assertThat(Files.readString(Session.lineageFile(lake).orElseThrow()))
                .as("Spark's events")
                .contains("\"name\":\"" + features.name() + "\"");
    }

    private static List<JsonNode> events() throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (String line :
                Files.readAllLines(Session.lineageFile(lake).orElseThrow().resolveSibling("training.jsonl"))) {
            events.add(new ObjectMapper().readTree(line));
        }
        return events;
    }
}
