package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.trainer.autograd.Sharding;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainBenchTest {
    @Test
    @Tag("slow")
    void measuresAStep(@TempDir Path cache) {
        BenchResult result = TrainBench.run(config("fp32"), cache);
        assertThat(result.params()).isEqualTo(21_174_576);
        assertThat(result.stepS()).isPositive().isLessThan(result.firstS());
        assertThat(result.rtfx()).isPositive();
        assertThat(result.arenaMb()).isPositive();
        assertThat(result.peakMb()).isGreaterThan(result.arenaMb());
        assertThat(result.loss()).isBetween(8.0, 10.0);
    }

    @Test
    void refusesATypeThatItCannotMeasure() {
        assertThatThrownBy(() -> config("fp16"))
                .hasMessage(
                        "Cannot compute in 'fp16': no such dtype, expected one of fp32, bf16, fp8, fp8-fast (did you mean 'bf16'?)");
    }

    private static TrainBench.Config config(String dtype) {
        return new TrainBench.Config("cpu", "xs", dtype, 1, 2, 2, 2, Long.MAX_VALUE, Sharding.NONE, Map.of());
    }
}
