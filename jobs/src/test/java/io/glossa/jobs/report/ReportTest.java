package io.glossa.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    @TempDir
    Path folder;

    @Test
    void jsonHasTheNamesThatOthersRead() throws IOException {
        Path file = folder.resolve("report.json");
        SampleReport.of().write(file);
        JsonNode json = new ObjectMapper().readTree(file.toFile());

        assertThat(json.fieldNames())
                .toIterable()
                .contains("models", "steps", "filters", "rejects", "config", "seed", "voices", "comparisons", "curves");
        JsonNode model = json.get("models").get(0);
        assertThat(model.fieldNames())
                .toIterable()
                .contains("name", "cer", "wer", "cer_interval", "by_language", "hours_labelled", "cer_unseen_text");
        assertThat(model.get("cer_interval").isArray()).isTrue();
        assertThat(model.get("cer_interval").get(0).asDouble())
                .isLessThan(model.get("cer").asDouble());
        assertThat(model.get("by_language").get("fr").get("cer").asDouble()).isEqualTo(0.481);
        assertThat(json.get("steps").get(0).fieldNames())
                .toIterable()
                .contains("name", "seconds", "audio_hours", "audio_hours_per_hour");
        assertThat(json.get("seed").asLong()).isEqualTo(7);
        assertThat(json.get("comparisons").get(0).get("beats").asBoolean()).isTrue();
        assertThat(json.get("comparisons").get(1).get("beats").asBoolean()).isFalse();
        assertThat(json.get("comparisons").get(2).get("beats").asBoolean()).isFalse();
        assertThat(json.get("comparisons").get(2).get("too_few").asText()).isNotEmpty();
        assertThat(json.get("models").get(2).get("passes_before").asInt()).isEqualTo(4);
        assertThat(json.get("curves").get(0).get("points").get(0)).hasSize(2);
    }
}
