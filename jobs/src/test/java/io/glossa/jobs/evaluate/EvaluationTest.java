package io.glossa.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
    private static final Evaluation.Subject SUBJECT =
            new Evaluation.Subject("model", List.of("test"), List.of("train"), 5, "front end", "references", 3, "code");
    private static final List<Heard> HEARD = List.of(
            new Heard("a", "en", 2, "call me", "call my", -1.5, 0.9, true),
            new Heard("b", "en", 1.5, "yes", "", -3, 0, false),
            new Heard("c", "it", 1, "va bene", "va bene", -0.25, 0.99, true));

    @TempDir
    Path folder;

    @Test
    void ratesAreOverAllByLanguageAndForNewTexts() {
        Evaluation evaluation = Evaluation.of(SUBJECT, HEARD, Map.of("too-long", 2L));

        assertThat(evaluation.rates().cer()).isEqualTo((1 + 3) / 17.0);
        assertThat(evaluation.rates().wer()).isEqualTo((1 + 1) / 5.0);
        assertThat(evaluation.byLanguage().get("en").cer()).isEqualTo(4 / 10.0);
        assertThat(evaluation.byLanguage().get("it").cer()).isZero();
        assertThat(evaluation.unseenText().cer()).isEqualTo(1);
        assertThat(evaluation.unseenText().utterances()).isEqualTo(1);
        assertThat(evaluation.unseenTextByLanguage()).containsOnlyKeys("en");
        assertThat(evaluation.rates().cerInterval().contains(4 / 17.0)).isTrue();
        assertThat(evaluation.audioSeconds()).isEqualTo(4.5);
    }

    @Test
    void filesGiveBackWhatWasWritten() {
        EvaluationFiles files = new EvaluationFiles(Folder.of(folder));
        assertThat(files.read()).isEmpty();

        Evaluation allSeen = Evaluation.of(SUBJECT, HEARD.subList(0, 1), Map.of());
        files.write(allSeen, HEARD.subList(0, 1));
        assertThat(allSeen.unseenText().cer()).isNaN();
        assertThat(files.read()).contains(allSeen);

        Evaluation evaluation = Evaluation.of(SUBJECT, HEARD, Map.of("too-long", 2L));
        files.write(evaluation, HEARD);
        assertThat(files.read()).contains(evaluation);
        assertThat(files.utterances()).isEqualTo(HEARD);
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void aDamagedFileIsAnErrorThatNamesIt() throws Exception {
        Files.writeString(folder.resolve("evaluation.json"), "{\"subject\":");

        assertThatThrownBy(() -> new EvaluationFiles(Folder.of(folder)).read())
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("evaluation.json");
    }
}
