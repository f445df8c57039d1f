package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.config.ConfigBinder;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.checkpoint.Tensor;
import io.glossa.trainer.nn.ModelConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model that fine-tuning makes of a pre-trained one. */
class FinetuneConfigTest {
    private static final ModelConfig LOCAL = ModelConfig.preset("xs", Map.of("attention", "local:128,128"));

    @TempDir
    Path folder;

    @Test
    void attendsInAnotherWay() {
        Map<String, String> set = Map.of("attention", "chunk:50", "convolution", "causal-chunk");
        assertThat(of(pretrained(ConfigBinder.values(LOCAL)), set)).isEqualTo(ModelConfig.preset("xs", set));
        assertThat(of(pretrained(ConfigBinder.values(LOCAL)), Map.of("layers", "4")))
                .isEqualTo(LOCAL);
    }

    @Test
    void readsModelsFromBeforeThereWereKinds() {
        Map<String, String> config = new HashMap<>(ConfigBinder.values(LOCAL));
        config.keySet().removeAll(ModelConfig.kinds());
        config.put("chunk-frames", "200");
        assertThat(of(pretrained(config), Map.of())).isEqualTo(ModelConfig.preset("xs"));
        assertThat(of(pretrained(config), Map.of("attention", "full")).attention())
                .isEqualTo("full");
    }

    @Test
    void refusesWhatItsParametersDependOn() {
        Folder checkpoint = pretrained(ConfigBinder.values(LOCAL));
        assertThatThrownBy(() -> of(checkpoint, Map.of("heads", "2")))
                .isInstanceOf(GlossaException.class)
                .hasMessageStartingWith("Cannot set 'heads' of the encoder of ")
                .hasMessageEndingWith(
                        ": found '2', expected '4', which its parameters have (of the model, fine-tuning may"
                                + " set attention, convolution)");
        assertThatThrownBy(() -> of(checkpoint, Map.of("convolution", "causal-chunk")))
                .hasMessageContaining("expected attention=chunk:FRAMES");
    }

    private static ModelConfig of(Folder init, Map<String, String> set) {
        return FinetuneConfig.from(init, set, List.of("train"), init).model();
    }

    private Folder pretrained(Map<String, String> config) {
        Map<String, Tensor> tensors = Map.of("x", Tensor.of(new float[] {1}, 1));
        CheckpointMeta meta = new CheckpointMeta(3, "bestrq", config, Map.of(), Map.of(), Map.of());
        return Checkpoints.write(Folder.of(folder), new Checkpoint(3, tensors, tensors, meta));
    }
}
