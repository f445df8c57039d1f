package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
        BenchResult result = TrainBench.run(config("bestrq", "fp32"), cache);
        assertThat(result.params()).isEqualTo(21_174_576);
        assertThat(result.stepS()).isPositive().isLessThan(result.firstS());
        assertThat(result.rtfx()).isPositive();
        assertThat(result.arenaMb()).isPositive();
        assertThat(result.peakMb()).isGreaterThan(result.arenaMb());
        assertThat(result.loss()).isBetween(8.0, 10.0);
    }

    @Test
    @Tag("slow")
    void measuresAStepOfStreams(@TempDir Path cache) {
        BenchResult result = TrainBench.run(config("most", "fp32"), cache);
        BenchResult one = TrainBench.run(config("bestrq", "fp32"), cache);
        assertThat(result.rtfx() * result.stepS()).as("seconds of audio").isCloseTo(2 * 2, within(1e-9));
        assertThat(result.params()).isGreaterThan(one.params());
        assertThat(result.gflop()).isGreaterThan(one.gflop());
        assertThat(result.loss()).isFinite().isGreaterThan(one.loss());
    }

    @Test
    void refusesATypeThatItCannotMeasure() {
        assertThatThrownBy(() -> config("bestrq", "fp16"))
                .hasMessage(
                        "Cannot compute in 'fp16': no such dtype, expected one of fp32, bf16, fp8, fp8-fast (did you mean 'bf16'?)");
    }

    private static TrainBench.Config config(String objective, String dtype) {
        return new TrainBench.Config(
                "cpu", objective, "xs", dtype, 1, 2, 2, 2, Long.MAX_VALUE, Sharding.NONE, Map.of());
    }
}
