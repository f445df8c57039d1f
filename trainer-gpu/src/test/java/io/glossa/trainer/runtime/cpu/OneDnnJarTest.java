package io.glossa.trainer.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneDnnJarTest {
    @Test
    void whatIsDamagedIsUnpackedAgain(@TempDir Path folder) throws IOException {
        List<String> warnings = new ArrayList<>();
        try (OneDnnJar jar = OneDnnJar.open()) {
            jar.unpack(folder, warnings::add);
            assertThat(warnings).isEmpty();
            Path openMp = folder.resolve(OneDnnJar.OPENMP);
            long size = Files.size(openMp);
            Files.writeString(openMp, "cut");
            jar.unpack(folder, warnings::add);
            assertThat(openMp).hasSize(size);
            assertThat(warnings).singleElement().asString().contains("found 3 bytes, expected " + size);
        }
    }
}
