package io.glossa.trainer.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Precision;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelfTestTest {
    private final FoundRows found = new FoundRows();

    @Test
    void theProcessorPassesInWhatItComputesIn() {
        SelfTest.run(DeviceRequest.of("cpu"), Depth.QUICK, found);

        assertThat(found.rows).allMatch(Row::passed).hasSizeGreaterThan(20);
        assertThat(found.rows.stream().mapToInt(Row::checks).sum()).isGreaterThan(65);

        boolean tested = found.rows.stream().anyMatch(row -> row.dtype().equals("bf16"));
        assertThat(found.notes)
                .isEqualTo(tested ? List.of() : List.of("bf16 is not tested: device 'cpu' computes it in fp32 here"));
        try (Device cpu = DeviceRequest.of("cpu")
                .with(Compile.Options.DEFAULTS.with(Precision.BF16))
                .open()) {
            assertThat(cpu.precision() == Precision.BF16).isEqualTo(tested);
        }
    }

    @Test
    void theReferenceHasNothingToProve() {
        assertThatThrownBy(() -> SelfTest.run(DeviceRequest.of("reference"), Depth.QUICK, found))
                .hasMessageContaining("Cannot test device 'reference': expected one of cpu, cuda, emit-only");
    }

    @Test
    void aDifferenceBeyondItsToleranceFails() {
        Row row = Row.of("some", "fp32", List.of(new Check("a", 1e-7, 1e-6), new Check("b", 3e-6, 1e-6)));

        assertThat(row.passed()).isFalse();
        assertThat(row).isEqualTo(new Row("some", "fp32", 2, 1, "worst 3.0e-06 of 1e-06 (b)"));
        assertThat(Row.of("no number", "fp32", List.of(new Check("c", Double.NaN, 1e-6)))
                        .passed())
                .isFalse();
    }
}
