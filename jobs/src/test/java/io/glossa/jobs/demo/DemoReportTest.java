package io.glossa.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoReportTest {
    @ParameterizedTest
    @CsvSource({"0, 0.35", "0.0349, 0.35", "0, 0", "0.001, 12"})
    void fewLabelsTellNothing(double accepted, double unlabelled) {
        assertThat(DemoReport.tooFew(accepted, unlabelled)).startsWith("Of ").contains("less than 10 %");
    }

    @ParameterizedTest
    @CsvSource({"0.036, 0.35", "0.35, 0.35", "1.21, 12"})
    void aTenthOfTheSpeechIsEnough(double accepted, double unlabelled) {
        assertThat(DemoReport.tooFew(accepted, unlabelled)).isEmpty();
    }

    @Test
    void allRecognisersPassEquallyOftenAndReachTheSameRate() {
        for (DemoPlan plan : new DemoPlan[] {DemoPlan.FULL, DemoPlan.QUICK}) {
            assertThat(plan.recogniser(3))
                    .containsEntry("passes", Integer.toString(plan.passes()))
                    .containsEntry("learning-rate", "0.001")
                    .doesNotContainKey("warmup-steps");
        }
    }
}
