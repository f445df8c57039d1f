package io.glossa.featurize.mel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.glossa.error.GlossaException;
import io.glossa.featurize.Speech;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureBenchTest {
    @TempDir
    Path folder;

    @Test
    void measures() throws Exception {
        Path file = Files.write(folder.resolve("a.flac"), Speech.bytes("en_wideband.flac"));
        FeatureBench.Result result = FeatureBench.run(List.of(file, file, file), 2);
        assertThat(result.files()).isEqualTo(3);
        assertThat(result.threads()).isEqualTo(2);
        assertThat(result.audioSeconds()).isCloseTo(3 * 24_326 / 16_000.0, within(1e-9));
        assertThat(result.features()).isPositive();
        assertThat(result.featuresWithDecode()).isPositive();
    }

    @Test
    void namesTheFileThatIsNone() throws Exception {
        Path file = Files.writeString(folder.resolve("a.txt"), "no audio");
        assertThatThrownBy(() -> FeatureBench.run(List.of(file), 1))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("a.txt")
                .hasMessageContaining("NOT_AUDIO");
        assertThatThrownBy(() -> FeatureBench.run(List.of(), 1)).isInstanceOf(GlossaException.class);
    }
}
