package io.glossa.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.glossa.trainer.runtime.KernelTime;
import io.glossa.trainer.runtime.Roofline;
import io.glossa.trainer.train.StepProfile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileTextTest {
    private static final ProfileText TEXT = new ProfileText(new StepProfile(
            List.of(
                    new KernelTime("exp 7×3", 0.001, 1_000_000, 0),
                    new KernelTime("matmul [7,5] [5,3]", 0.002, 0, 4e9),
                    new KernelTime("exp 7×3", 0.001, 1_000_000, 0)),
            3.2e9,
            new Roofline(4e12, 2e9)));

    @TempDir
    Path folder;

    @Test
    void sumsTheCallsOfAKernelLongestFirst() {
        List<String> lines = TEXT.table(ProfileText.ROWS).lines().toList();

        assertThat(lines.get(0)).contains("4000 GFLOP/s").contains("2.0 GB/s");
        assertThat(lines.get(3)).matches("exp 7×3 +2 +2.00 +50.0% +2.0 +0.00 +50%");
        assertThat(lines.get(4)).matches("matmul \\[7,5] \\[5,3] +1 +2.00 +50.0% +0.0 +4.00 +50%");
        assertThat(lines.get(lines.size() - 1))
                .startsWith("all kernels: 4.00 ms; products by the formula 3.20 GFLOP, 800.0 GFLOP/s, 20%");
    }

    @Test
    void theTraceHasEveryCallInItsPlace() throws Exception {
        Path file = folder.resolve("sub/trace.json");
        TEXT.writeTrace(file);

        JsonNode events = new ObjectMapper().readTree(file.toFile());
        assertThat(events).hasSize(3);
        assertThat(events.get(2).get("name").asText()).isEqualTo("exp 7×3");
        assertThat(events.get(2).get("ts").asDouble()).isEqualTo(3000);
        assertThat(events.get(2).get("dur").asDouble()).isEqualTo(1000);
    }
}
