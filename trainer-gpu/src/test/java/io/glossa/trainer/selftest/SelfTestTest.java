package io.glossa.trainer.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.trainer.device.DeviceRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelfTestTest {
    private final FoundRows found = new FoundRows();

    @Test
    void theProcessorPasses() {
        SelfTest.run(DeviceRequest.of("cpu"), Depth.QUICK, found);

        assertThat(found.rows).allMatch(Row::passed).hasSizeGreaterThan(40);
        assertThat(found.rows.stream().mapToInt(Row::checks).sum()).isGreaterThan(130);
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
