package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TrainBenchTest {
    @Test
    @Tag("slow")
    void measuresAStepColdAndWarm() {
        TrainBench.Result result = TrainBench.run(new TrainBench.Config("xs", "fp32", 1, 2, 2, 2));
        assertThat(result.params()).isEqualTo(21_174_576);
        assertThat(result.stepS()).isPositive().isLessThan(result.warmFirstS());
        assertThat(result.warmFirstS()).isLessThan(result.firstS());
        assertThat(result.rtfx()).isPositive();
        assertThat(result.arenaMb()).isPositive();
        assertThat(result.peakMb()).isGreaterThan(result.arenaMb());
        assertThat(result.loss()).isBetween(8.0, 10.0);
    }

    @Test
    void refusesATypeThatItCannotMeasure() {
        assertThatThrownBy(() -> new TrainBench.Config("xs", "fp16", 4, 16, 2, 10))
                .hasMessage("Cannot compute in 'fp16': no such dtype, expected fp32 or bf16 (did you mean 'bf16'?)");
    }
}
