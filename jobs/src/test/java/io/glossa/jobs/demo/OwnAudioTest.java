package io.glossa.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.glossa.featurize.source.AudioFolder;
import io.glossa.jobs.TestRecordings;
import io.glossa.jobs.corpus.Corpus;
import io.glossa.jobs.corpus.Texts;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.text.TextEncoding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo on what people have: steps that find nothing are left out, and the report is written. */
class OwnAudioTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private Path audio;

    @BeforeEach
    void makeFolder() {
        audio = folder.resolve("audio/en");
    }

    @Test
    void noTexts() throws IOException {
        TestRecordings.write(audio, 3);
        Files.writeString(audio.resolve("broken.wav"), "no audio\n".repeat(100));

        JsonNode report = demo();

        assertThat(screen.toString(StandardCharsets.UTF_8))
                .contains("train a", "left out. Cannot ", "No recogniser was tested", "report.html");
        assertThat(report.get("models")).isEmpty();
        assertThat(report.get("config").get("demo.languages").asText()).isEqualTo("en");
        assertThat(report.get("rejects").findValuesAsText("code")).containsExactly("NOT_AUDIO");
        assertThat(report.get("rejects").get(0).get("examples").get(0).asText()).isEqualTo("broken.wav");
        assertThat(report.get("steps").findValuesAsText("name")).containsExactly("ingest", "featurize", "pre-train");
        assertThat(report.get("curves").findValuesAsText("chart")).contains("BEST-RQ loss");
        assertThat(report.get("notes").toString()).contains("Left out, train a", "only 0.0 minutes of labelled speech");
    }

    @Test
    void nothingThatIsAudio() throws IOException {
        Files.createDirectories(audio);
        Files.writeString(audio.resolve("broken.wav"), "no audio\n".repeat(100));
        JsonNode report = demo();
        assertThat(report.get("data")).isEmpty();
        assertThat(report.get("notes").toString()).contains("Left out, featurize", "Left out, pre-train");
    }

    /** A recogniser that has seen each word once writes nothing that a filter accepts. */
    @Test
    @Tag("slow")
    void noPseudoLabelIsAccepted() throws IOException {
        TestRecordings.writeWithTexts(audio, 12);
        JsonNode report = demo();
        assertThat(report.get("models").findValuesAsText("name")).containsExactly("a", "b");
        assertThat(report.get("notes").toString()).contains("Left out, train c");
    }

    @Test
    @Tag("slow")
    void textsThatNobodySpoke() throws IOException {
        TestRecordings.writeWithTexts(audio, 12);
        Path sentences = folder.resolve("en.txt");
        Files.write(
                sentences,
                IntStream.range(0, 50)
                        .mapToObj(Integer::toBinaryString)
                        .map(digits -> digits.replace("0", "a ").replace("1", "b "))
                        .toList());

        JsonNode report = demo(List.of(new Texts("en", sentences, "manuals 1.0", "GPL-2+")));

        assertThat(report.get("models").findValuesAsText("name")).containsExactly("a", "b", "d");
        assertThat(report.get("comparisons").findValuesAsText("baseline")).containsExactly("a", "b");
        assertThat(report.get("steps").findValuesAsText("name")).contains("texts en", "MOST", "train d", "evaluate d");
        assertThat(report.get("curves").findValuesAsText("chart"))
                .contains("Loss of each stream", "Weight of each stream's loss");
        assertThat(report.get("notes").toString()).contains("in en: sentences of manuals 1.0, GPL-2+.");
    }

    private JsonNode demo() throws IOException {
        return demo(List.of());
    }

    private JsonNode demo(List<Texts> texts) throws IOException {
        Path work = folder.resolve("work");
        try (Lake lake = Lake.open(LakeConfig.local(work.resolve("lake")));
                Session session = Session.open("demo", lake)) {
            Path page = Demo.run(
                    "Your recordings",
                    new DemoPlan(List.of("it"), 1, 1, 4),
                    0,
                    Corpus.of(new AudioFolder(audio.getParent().toString(), TextEncoding.UNICODE))
                            .with(texts),
                    lake,
                    session.spark(),
                    work,
                    new PrintStream(screen, true, StandardCharsets.UTF_8));
            assertThat(page).content().contains("Your recordings").doesNotContain("NaN");
        }
        return new ObjectMapper().readTree(work.resolve("report.json").toFile());
    }
}
