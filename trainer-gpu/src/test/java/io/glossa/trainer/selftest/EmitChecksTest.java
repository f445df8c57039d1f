package io.glossa.trainer.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.runtime.cuda.Emission;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmitChecksTest {
    @Test
    void kernelsOfEveryPresetCompileWithoutSpills(@TempDir Path folder) {
        FoundRows found = new FoundRows();
        Emission emission = Emission.open(DeviceRequest.defaultCache());
        if (emission.compilerName().isEmpty()) {
            System.out.println("not compiled, only written: found neither NVRTC nor nvcc here");
        }
        new EmitChecks(emission, folder).run(Depth.QUICK, found);
        assertThat(found.rows).allMatch(Row::passed);
        assertThat(found.rows.stream().map(Row::name))
                .containsAll(ModelConfig.presets().stream()
                        .map(preset -> "emit: " + preset)
                        .toList());
    }
}
