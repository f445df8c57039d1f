package io.glossa.trainer.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.error.GlossaException;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Precision;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("gpu")
class CudaStepTest {
    @ParameterizedTest
    @EnumSource
    void primitivesAndStepsAgreeWithTheReference(Precision precision) {
        try (Device gpu = open(precision)) {
            assertThat(PrimitiveChecks.of(gpu, precision)).isNotEmpty().allMatch(Row::passed);
            assertThat(StepChecks.of(gpu, precision)).isNotEmpty().allMatch(Row::passed);
        }
    }

    private static Device open(Precision precision) {
        try {
            return DeviceRequest.of("cuda")
                    .with(Compile.Options.DEFAULTS.with(precision))
                    .open();
        } catch (GlossaException e) {
            System.out.println("skipped, no GPU here: " + e.getMessage());
            Assumptions.abort(e.getMessage());
            throw e;
        }
    }
}
