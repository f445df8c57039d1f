package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.jobs.evaluate.EvaluateConfig;
import io.glossa.jobs.evaluate.EvaluateJob;
import io.glossa.jobs.evaluate.EvaluateResult;
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
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.trainer.text.BpeTraining;
import io.glossa.trainer.text.SentencePiece;
import io.glossa.trainer.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recognisers that write pieces of words, from their training to what is done with them. */
class SubwordsTest {
    private static final List<String> TRAIN = List.of("train");

    @TempDir
    static Path root;

    private static Lake lake;
    private static Session session;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() {
        lake = Lake.open(LakeConfig.local(root));
        session = Session.open("test", lake);
        TinyLake.fill(session.spark(), lake);
    }

    @AfterAll
    static void close() {
        session.close();
        lake.close();
    }

    @Test
    void piecesAreLearnedTrainedEvaluatedAndLabelledWith() throws IOException {
        TrainResult learned = finetune("learned", "bpe:9");
        CheckpointMeta meta = Checkpoints.meta(learned.checkpoint());
        assertThat(meta.lineage()).containsEntry("glossa.tokenizer", "bpe:9");
        SentencePiece pieces = (SentencePiece) Tokenizers.of(meta.config());
        assertThat(pieces.size()).isEqualTo(9);
        assertThat(pieces.encode("abc")).hasSizeLessThan(4);
        assertThat(learned.summary().notes().get("tokenizer"))
                .isEqualTo("bpe:9, 9 symbols, " + pieces.digest() + ", 0.00 % of the human texts unknown");
        assertThat(finetune("learned", "bpe:9").alreadyDone()).isTrue();

        Path file = Files.write(folder.resolve("pieces.model"), pieces.file());
        TrainResult given = finetune("given", file.toString());
        assertThat(given.digest()).isEqualTo(learned.digest());
        assertThatThrownBy(() -> finetune("learned", "graphemes"))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                .hasMessageContaining("its checkpoint has tokenizer bpe:9, found graphemes");

        EvaluateConfig evaluate = new EvaluateConfig(
                learned.folder(),
                Optional.empty(),
                TRAIN,
                List.of(),
                OptionalLong.empty(),
                "",
                OptionalLong.empty(),
                0,
                "cpu");
        EvaluateResult heard = EvaluateJob.run(evaluate, lake, session.spark());
        assertThat(heard.utterances())
                .hasSize(12)
                .allSatisfy(one -> assertThat(one.hypothesis()).matches("[abc]*( [abc]+)*"));
        long features = lake.snapshot(LakeTable.FEATURES).orElseThrow();
        LabelResult labels = LabelJob.run(
                new LabelConfig(List.of("unlabelled"), 5, features, new FilterConfig(0, 0.5, 6, 3)),
                Teacher.of(learned.folder()),
                lake,
                session.spark());
        assertThat(labels.labels().added()).isEqualTo(6);
    }

    @Test
    void aTokenizerOfOtherTextsIsRefused() throws IOException {
        Path file = folder.resolve("other.model");
        Files.write(file, BpeTraining.train(Map.of("axyz", 3L), 9));
        assertThatThrownBy(() -> finetune("other", file.toString()))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.DATA))
                .hasMessageContaining("it has no symbol for ")
                .hasMessageContaining(" % of the characters ")
                .hasMessageContaining("expected at most 5 %");
        String damaged = Files.write(folder.resolve("damaged.model"), new byte[] {1, 2, 3})
                .toString();
        assertThatThrownBy(() -> finetune("other", damaged))
                .hasMessageStartingWith(
                        "Cannot use the tokenizer " + damaged + ": Cannot read a tokenizer of 3 bytes: ");
        assertThatThrownBy(() -> finetune("other", "grapheme"))
                .hasMessageStartingWith("Cannot use tokenizer 'grapheme'")
                .hasMessageContaining("did you mean 'graphemes'?");
        assertThatThrownBy(() -> finetune("other", folder.resolve("none.model").toString()))
                .hasMessageStartingWith("Cannot read the tokenizer ");
    }

    private TrainResult finetune(String name, String tokenizer) {
        FinetuneConfig config = FinetuneConfig.of(
                        "xs", TinyLake.settings("passes", "2"), TRAIN, Folder.of(folder.resolve(name)))
                .withTokenizer(tokenizer);
        return FinetuneJob.run(config, lake, session.spark());
    }
}
