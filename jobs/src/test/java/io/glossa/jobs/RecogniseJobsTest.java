package io.glossa.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.jobs.evaluate.EvaluateConfig;
import io.glossa.jobs.evaluate.EvaluateJob;
import io.glossa.jobs.evaluate.EvaluateResult;
import io.glossa.jobs.evaluate.EvaluationFiles;
import io.glossa.jobs.evaluate.Heard;
import io.glossa.jobs.label.LabelJob;
import io.glossa.jobs.label.LabelResult;
import io.glossa.jobs.spark.Session;
import io.glossa.nst.FilterConfig;
import io.glossa.nst.LabelConfig;
import io.glossa.nst.Teacher;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.LakeTable;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.checkpoint.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jobs that run a recogniser, on a small lake and a model trained on the spot. */
class RecogniseJobsTest {
    private static final Tones TONES = new Tones(24, 3);

    @TempDir
    static Path folder;

    private static Lake lake;
    private static Session session;

    @BeforeAll
    static void prepare() throws Exception {
        lake = Lake.open(LakeConfig.local(folder.resolve("lake")));
        session = Session.open("test", lake);
        TONES.train(folder.resolve("model"), 60);
        TONES.writeFeatures(session.spark(), lake, "test", "en", "fr");
        TONES.writeFeatures(session.spark(), lake, "unlabelled", "en", "fr");
    }

    @AfterAll
    static void close() {
        session.close();
        lake.close();
    }

    @Test
    void evaluationCountsWhatDiffersFromThePeoplesTexts() throws Exception {
        List<Row> guesses = new ArrayList<>();
        for (int i = 0; i < TONES.size(); i++) {
            guesses.add(Tones.transcript("test-" + i, i % 2 == 0 ? "en" : "fr", "test", "x"));
        }
        Tones.append(session.spark(), lake, LakeTable.TRANSCRIPTS, guesses);
        EvaluateConfig config = EvaluateConfig.of(Folder.of(folder.resolve("model")));
        List<Heard> heard = evaluate(config).utterances();
        assertThat(heard).hasSize(24).anyMatch(one -> !one.hypothesis().isEmpty());

        // what was heard, but for one letter too many in one text; and one text that was never said
        List<Row> texts = new ArrayList<>();
        for (Heard one : heard) {
            String more = one.id().equals("test-1") ? "z" : "";
            texts.add(Tones.transcript(one.id(), one.lang(), "test", one.hypothesis() + more));
        }
        texts.add(Tones.transcript("test-99", "fr", "test", "abc"));
        texts.add(Tones.transcript("train-1", "fr", "train", heard.get(1).hypothesis()));
        texts.add(Tones.transcript("train-2", "de", "train", heard.get(0).hypothesis()));
        session.spark().sql("DELETE FROM lake.glossa.transcripts WHERE kind = 'human'");
        Tones.append(session.spark(), lake, LakeTable.TRANSCRIPTS, texts);

        EvaluateResult found = evaluate(config);
        long characters =
                heard.stream().mapToLong(one -> one.hypothesis().length()).sum() + 1;
        assertThat(found.alreadyDone()).isFalse();
        assertThat(found.evaluation().rates().characters()).isEqualTo(characters);
        assertThat(found.evaluation().rates().cer()).isCloseTo(1.0 / characters, within(1e-12));
        assertThat(found.evaluation().byLanguage().get("en").cer()).isZero();
        assertThat(found.evaluation().byLanguage()).containsOnlyKeys("en", "fr");
        assertThat(found.evaluation().rejected()).isEqualTo(Map.of("no-features", 1L));
        assertThat(found.evaluation().audioSeconds()).isCloseTo(24 * 0.6, within(1e-9));
        assertThat(found.utterances())
                .allSatisfy(one -> assertThat(one.textSeen())
                        .isEqualTo(one.lang().equals("fr")
                                && one.reference().equals(heard.get(1).hypothesis())));
        assertThat(String.join("\n", found.summary().lines()))
                .contains("25 utterances of test")
                .contains("CER of new texts")
                .contains("no-features 1");

        EvaluateResult again = evaluate(config);
        assertThat(again.alreadyDone()).isTrue();
        assertThat(again.evaluation()).isEqualTo(found.evaluation());
        assertThat(again.utterances()).isEqualTo(found.utterances());
        assertThat(new EvaluationFiles(found.checkpoint()).read()).contains(found.evaluation());
    }

    @Test
    void labellingTwiceAddsNothingAndShowsTheVerdicts() {
        long features = lake.snapshot(LakeTable.FEATURES).orElseThrow();
        LabelConfig config = new LabelConfig(List.of("unlabelled"), 1, features, new FilterConfig(0, 0.5, 6, 3));
        Teacher teacher = Teacher.of(Folder.of(folder.resolve("model")));

        LabelResult first = LabelJob.run(config, teacher, lake, session.spark());
        assertThat(first.alreadyDone()).isFalse();
        assertThat(first.labels().added()).isEqualTo(24);
        assertThat(String.join("\n", first.summary().lines()))
                .contains("24 utterances of unlabelled")
                .contains("24 labels added")
                .containsPattern("accepted +\\d+ \\(\\d+ %\\) +\\d+ \\(\\d+ %\\)");
        assertThat(lake.table(LakeTable.FEATURES).refs().values())
                .anyMatch(ref -> ref.isTag() && ref.snapshotId() == features);

        LabelResult second = LabelJob.run(config, teacher, lake, session.spark());
        assertThat(second.alreadyDone()).isTrue();
        assertThat(second.labels().yields()).isEqualTo(first.labels().yields());
    }

    @Test
    void whatAGpuWouldLabelIsWhatTheProcessorLabels() {
        long features = lake.snapshot(LakeTable.FEATURES).orElseThrow();
        Teacher teacher = Teacher.of(Folder.of(folder.resolve("model")));
        Map<String, Row> wanted = labels(teacher, 7, features);
        Map<String, Row> found = labels(teacher.on("emit-only"), 8, features);
        assertThat(found.keySet()).isEqualTo(wanted.keySet()).hasSize(24);
        wanted.forEach((id, row) -> {
            for (String column : List.of("text", "verdict", "words_per_s")) {
                assertThat(found.get(id).<Object>getAs(column)).as(column).isEqualTo(row.getAs(column));
            }
            for (String column : List.of("score", "confidence")) {
                assertThat(found.get(id).<Double>getAs(column)).isCloseTo(row.getAs(column), within(1e-3));
            }
        });
    }

    /** By utterance. */
    private static Map<String, Row> labels(Teacher teacher, int generation, long features) {
        LabelConfig config =
                new LabelConfig(List.of("unlabelled"), generation, features, new FilterConfig(0, 0.5, 6, 3));
        LabelJob.run(config, teacher, lake, session.spark());
        return session
                .spark()
                .table("lake.glossa.transcripts")
                .where("generation = " + generation)
                .collectAsList()
                .stream()
                .collect(Collectors.toMap(row -> row.getAs("utterance_id"), Function.identity()));
    }

    @Test
    void aDeviceOfNoSuchNameIsRefusedWithTheNearest() {
        assertThatThrownBy(() -> Teacher.of(Folder.of(folder.resolve("model"))).on("cude"))
                .isInstanceOf(GlossaException.class)
                .hasMessageStartingWith("Cannot use device 'cude': expected one of cpu, cuda")
                .hasMessageContaining("did you mean 'cuda'?");
    }

    @Test
    void aSplitWithoutTextsAndAModelThatIsNoneAreTheUsersErrors() {
        EvaluateConfig config = EvaluateConfig.of(Folder.of(folder.resolve("model")));
        EvaluateConfig other = new EvaluateConfig(
                config.model(),
                Optional.empty(),
                List.of("dev"),
                List.of(),
                OptionalLong.empty(),
                "",
                OptionalLong.empty(),
                0,
                "cpu");
        lake.table(LakeTable.TRANSCRIPTS);

        assertThatThrownBy(() -> evaluate(other)).isInstanceOf(GlossaException.class);
        assertThatThrownBy(() -> evaluate(EvaluateConfig.of(Folder.of(folder.resolve("nothing")))))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("no finished checkpoint");
    }

    @Test
    void aModelThatIsNoRecogniserNeitherHearsNorLabels() {
        CheckpointMeta meta = new CheckpointMeta(3, "bestrq", Map.of(), Map.of(), Map.of(), Map.of());
        Map<String, Tensor> tensors = Map.of("x", Tensor.of(new float[] {1}, 1));
        Folder encoder =
                Checkpoints.write(Folder.of(folder.resolve("encoder")), new Checkpoint(3, tensors, tensors, meta));
        String message = "Cannot recognise with " + encoder
                + ": a checkpoint of kind 'bestrq', expected one of ctc, rnnt, las (fine-tune it first)";
        assertThatThrownBy(() -> evaluate(EvaluateConfig.of(encoder))).hasMessage(message);
        assertThatThrownBy(() -> Teacher.of(encoder))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                .hasMessage(message);
    }

    private static EvaluateResult evaluate(EvaluateConfig config) {
        return EvaluateJob.run(config, lake, session.spark());
    }
}
