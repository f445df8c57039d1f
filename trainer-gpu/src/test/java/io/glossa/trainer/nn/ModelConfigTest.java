package io.glossa.trainer.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.config.ConfigBinder;
import io.glossa.error.GlossaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThat(ModelConfig.preset("demo"))
                .isEqualTo(new ModelConfig(4, 144, 4, 576, 15, "chunk:100", ModelConfig.Convolution.CROSSING, 128, 32));
    }

    @Test
    void overridesAPreset() {
        assertThat(ModelConfig.preset("xs", Map.of("attention", " local:064,3")).attention())
                .isEqualTo("local:64,3");
        assertThatThrownBy(() -> ModelConfig.preset("xs", Map.of("convolutions", "crossing")))
                .hasMessageContaining("did you mean 'convolution'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chunk:0",
                "chunk:",
                "chunk:-3",
                "local:-1,4",
                "local:4",
                "local:1,2,3",
                "all",
                "",
                "chunk:1000000"
            })
    void refusesOtherAttention(String attention) {
        assertThatThrownBy(() -> ModelConfig.preset("xs", Map.of("attention", attention)))
                .isInstanceOf(GlossaException.class)
                .hasMessage(
                        "Cannot set 'attention': found '" + attention + "', expected full, local:LEFT,RIGHT (frames of"
                                + " 40 ms, 0 or more each) or chunk:FRAMES (1 or more)");
    }

    @Test
    void aConvolutionThatStopsAtChunksNeedsThem() {
        Map<String, String> set = Map.of("attention", "local:64,64", "convolution", "causal-chunk");
        assertThatThrownBy(() -> ModelConfig.preset("xs", set))
                .hasMessage(
                        "Cannot build the model: found convolution=causal-chunk with attention=local:64,64, expected"
                                + " attention=chunk:FRAMES, whose chunks it stops at (or convolution=crossing)");
        assertThatThrownBy(() -> ModelConfig.preset("xs", Map.of("convolution", "causal")))
                .hasMessageContaining("expected one of crossing, causal-chunk");
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
        ModelConfig config = ModelConfig.preset("s", Map.of("speech-layers", "1"));
        Map<String, String> values = new HashMap<>(ConfigBinder.values(config));
        values.put("symbols", "abc");
        assertThat(ModelConfig.ofCheckpoint(values)).isEqualTo(config);
        values.keySet().removeAll(List.of("speech-layers", "adapter-width"));
        assertThat(ModelConfig.ofCheckpoint(values)).isEqualTo(ModelConfig.preset("s"));
        assertThat(ModelConfig.todays(values)).containsEntry("speech-layers", "0");
    }

    @ParameterizedTest
    @CsvSource({"0, full", "200, chunk:200"})
    void readsCheckpointsFromBeforeThereWereKinds(String frames, String attention) {
        Map<String, String> values = new HashMap<>(ConfigBinder.values(ModelConfig.preset("s")));
        values.keySet().removeAll(ModelConfig.kinds());
        values.put("chunk-frames", frames);
        assertThat(ModelConfig.ofCheckpoint(values)).isEqualTo(ModelConfig.preset("s", Map.of("attention", attention)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "full 7 7 6 6",
                "chunk:3 7 3 2 2",
                "chunk:9 7 7 6 6",
                "local:2,1 7 7 2 1",
                "local:9,1 7 7 6 1",
                "local:0,0 1 1 0 0"
            })
    void anUtteranceHasNoMoreThanItsFrames(String attention, int frames, int chunk, int left, int right) {
        assertThat(ModelConfig.preset("xs", Map.of("attention", attention)).span(frames))
                .isEqualTo(new AttentionSpan(chunk, left, right));
    }
}
