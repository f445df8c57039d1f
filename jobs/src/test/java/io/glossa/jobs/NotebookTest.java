package io.glossa.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.glossa.jobs.spark.Session;
import io.glossa.jobs.train.TinyLake;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The notebooks' cells, run in their order by the shell that their kernel is built on. */
class NotebookTest {
    private static final String LAKE = "glossa.lake";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final PrintStream console = System.out;

    @BeforeEach
    void listen() {
        System.setProperty(LAKE, folder.toString());
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.clearProperty(LAKE);
        System.setOut(console);
    }

    @Test
    void drawsASpectrogram() throws Exception {
        try (Lake lake = Lake.open(LakeConfig.local(folder));
                Session session = Session.open("test", lake)) {
            TinyLake.fill(session.spark(), lake);
        }

        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            shell.addToClasspath(System.getProperty("java.class.path"));
            for (String cell : cells("01-spectrogram.ipynb")) {
                run(shell, cell);
            }
            assertThat(run(shell, "ImageIO.read(new ByteArrayInputStream(png)).getHeight()"))
                    .isEqualTo(Integer.toString(TinyLake.MELS));
            assertThat(said.toString(StandardCharsets.UTF_8)).contains("abcabcabc");
        }
    }

    private static List<String> cells(String notebook) throws IOException {
        List<String> cells = new ArrayList<>();
        for (JsonNode cell : new ObjectMapper()
                .readTree(Path.of("../notebooks", notebook).toFile())
                .get("cells")) {
            if (cell.get("cell_type").asText().equals("code")) {
                StringBuilder source = new StringBuilder();
                cell.get("source").forEach(line -> source.append(line.asText()));
                cells.add(source.toString());
            }
        }
        return cells;
    }

    /** Runs every snippet of a cell and gives the value of the last. */
    private static String run(JShell shell, String cell) {
        String value = null;
        for (String rest = cell; !rest.isBlank(); ) {
            CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            assertThat(next.completeness().isComplete()).as(rest).isTrue();
            for (SnippetEvent event : shell.eval(next.source())) {
                List<String> complaints = shell.diagnostics(event.snippet())
                        .map(diagnostic -> diagnostic.getMessage(null))
                        .toList();
                assertThat(event.status())
                        .as("%s: %s", next.source(), complaints)
                        .isEqualTo(Snippet.Status.VALID);
                assertThat(event.exception()).as(next.source()).isNull();
                value = event.value();
            }
            rest = next.remaining();
        }
        return value;
    }
}
