package io.glossa.trainer.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.runtime.cuda.Emission;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmitChecksTest {
    @Test
    void kernelsOfEveryPresetCompileWithoutSpills(@TempDir Path folder) {
        List<Row> rows = new ArrayList<>();
        Emission emission = Emission.open(DeviceRequest.defaultCache());
        if (emission.compilerName().isEmpty()) {
            System.out.println("not compiled, only written: found neither NVRTC nor nvcc here");
        }
        new EmitChecks(emission, folder).run(Depth.QUICK, new SelfTest.Listener() {
            @Override
            public void begins(String checks) {}

            @Override
            public void found(Row row) {
                rows.add(row);
            }

            @Override
            public void note(String note) {}
        });
        assertThat(rows).allMatch(Row::passed);
        assertThat(rows.stream().map(Row::name))
                .containsAll(ModelConfig.presets().stream()
                        .map(preset -> "emit: " + preset)
                        .toList());
    }
}
