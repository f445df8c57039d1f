package io.glossa.trainer.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Devices;
import io.glossa.trainer.runtime.Precision;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("gpu")
class CudaStepTest {
    @ParameterizedTest
    @EnumSource
    void primitivesAndStepsAgreeWithTheReference(Precision precision) {
        try (Device gpu = Devices.gpu(precision)) {
            assertThat(PrimitiveChecks.of(gpu, precision)).isNotEmpty().allMatch(Row::passed);
            assertThat(StepChecks.of(gpu, precision)).isNotEmpty().allMatch(Row::passed);
        }
    }
}
