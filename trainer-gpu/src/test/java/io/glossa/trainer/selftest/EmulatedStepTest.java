package io.glossa.trainer.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Precision;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole training steps as a GPU would run them, thread by thread on the processor. */
class EmulatedStepTest {
    /** But for FP8_FAST, which is FP8 to all but cuBLASLt. */
    @ParameterizedTest
    @EnumSource(names = "FP8_FAST", mode = EnumSource.Mode.EXCLUDE)
    void stepsAgreeWithTheReferenceAndWithThemselves(Precision precision) {
        try (Device gpu = DeviceRequest.of("emit-only")
                .with(Compile.Options.DEFAULTS.with(precision))
                .open()) {
            assertThat(StepChecks.of(gpu, precision)).isNotEmpty().allMatch(Row::passed);
        }
    }
}
