package io.glossa.trainer.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.config.ConfigBinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelConfigTest {
    @Test
    void everyPresetFileIsNamedAndLoads() throws IOException {
        try (var files = Files.list(Path.of("../deploy/presets/model"))) {
            assertThat(files.map(f -> f.getFileName().toString().replace(".properties", "")))
                    .containsExactlyInAnyOrderElementsOf(ModelConfig.presets())
                    .allSatisfy(
                            name -> assertThat(ModelConfig.preset(name).mels()).isEqualTo(128));
        }
    }

    @Test
    void demoIsTheSizeThatItSays() {
        assertThat(ModelConfig.preset("demo")).isEqualTo(new ModelConfig(4, 144, 4, 576, 15, 100, 128, 32));
    }

    @Test
    void overridesAPreset() {
        assertThat(ModelConfig.preset("xs", Map.of("chunk-frames", "0")).chunkFrames())
                .isZero();
        assertThatThrownBy(() -> ModelConfig.preset("xs", Map.of("chunk-frame", "0")))
                .hasMessageContaining("did you mean 'chunk-frames'");
    }

    @Test
    void anUnknownPresetNamesTheNearest() {
        assertThatThrownBy(() -> ModelConfig.preset("demmo"))
                .hasMessage(
                        "Cannot use model preset 'demmo': no such preset, expected one of xs, s, demo, m, 0.6b, 2b, 8b"
                                + " (did you mean 'demo'?)");
    }

    @Test
    void headsMustDivideTheWidth() {
        assertThatThrownBy(() -> ModelConfig.preset("xs", Map.of("heads", "5"))).hasMessageContaining("5 heads");
    }

    @Test
    void readsItselfFromACheckpoint() {
        ModelConfig config = ModelConfig.preset("s");
        Map<String, String> values = new HashMap<>(ConfigBinder.values(config));
        values.put("symbols", "abc");
        assertThat(ModelConfig.ofCheckpoint(values)).isEqualTo(config);
    }
}
