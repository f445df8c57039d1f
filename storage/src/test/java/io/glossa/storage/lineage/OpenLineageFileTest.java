package io.glossa.storage.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.LakeTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenLineageFileTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void aRunIsTwoEvents() throws IOException {
        Path file = folder.resolve("lineage/events.jsonl");
        OpenLineageFile events = new OpenLineageFile(file, "glossa");
        try (Lake lake = Lake.open(LakeConfig.local(folder))) {
            LineageDataset features = LineageDataset.of(lake, LakeTable.FEATURES, 42);
            LineageDataset model =
                    new LineageDataset(DatasetName.of(Folder.of(folder.resolve("step-00000100"))), "beef");
            UUID id = UUID.randomUUID();
            events.start(new LineageRun(id, "pretrain", List.of(features), List.of(), Map.of()));
            events.complete(new LineageRun(id, "pretrain", List.of(features), List.of(model), Map.of("loss", "6.5")));

            List<JsonNode> lines = lines(file);
            assertThat(lines).hasSize(2).allSatisfy(event -> {
                assertThat(event.at("/run/runId").textValue()).isEqualTo(id.toString());
                assertThat(event.at("/job/namespace").textValue()).isEqualTo("glossa");
                assertThat(event.at("/job/name").textValue()).isEqualTo("pretrain");
                assertThat(event.at("/producer").textValue()).isNotBlank();
                assertThat(event.at("/schemaURL").textValue()).endsWith("#/$defs/RunEvent");
                assertThat(Instant.parse(event.at("/eventTime").textValue())).isBefore(Instant.now());
                assertThat(event.at("/inputs/0/namespace").textValue()).isEqualTo("file");
                assertThat(event.at("/inputs/0/name").textValue()).isEqualTo(folder + "/glossa/features");
                assertThat(event.at("/inputs/0/facets/version/datasetVersion").textValue())
                        .isEqualTo("42");
            });
            assertThat(lines)
                    .extracting(event -> event.get("eventType").textValue())
                    .containsExactly("START", "COMPLETE");
            assertThat(lines.get(0).get("outputs")).isEmpty();
            assertThat(lines.get(1).at("/outputs/0/name").textValue()).isEqualTo(folder + "/step-00000100");
            assertThat(lines.get(1).at("/run/facets/glossa_run/loss").textValue())
                    .isEqualTo("6.5");
        }
    }

    @Test
    void aFailureSaysWhy() throws IOException {
        Path file = folder.resolve("events.jsonl");
        LineageRun run = new LineageRun(UUID.randomUUID(), "finetune", List.of(), List.of(), Map.of());
        new OpenLineageFile(file, "glossa").fail(run, new IllegalStateException("out of\nluck"));
        JsonNode event = lines(file).get(0);
        assertThat(event.get("eventType").textValue()).isEqualTo("FAIL");
        assertThat(event.at("/run/facets/errorMessage/message").textValue()).isEqualTo("out of\nluck");
        assertThat(event.at("/run/facets/errorMessage/stackTrace").textValue())
                .contains(OpenLineageFileTest.class.getName());
    }

    @Test
    void writersDoNotMixTheirLines() throws IOException {
        Path file = folder.resolve("events.jsonl");
        OpenLineageFile events = new OpenLineageFile(file, "glossa");
        Map<String, String> properties = Map.of("long", "x".repeat(20_000));
        IntStream.range(0, 100)
                .parallel()
                .forEach(i ->
                        events.start(new LineageRun(UUID.randomUUID(), "job-" + i, List.of(), List.of(), properties)));
        assertThat(lines(file))
                .extracting(event -> event.at("/job/name").textValue())
                .hasSize(100)
                .doesNotHaveDuplicates();
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            events.add(JSON.readTree(line));
        }
        return events;
    }
}
