package io.glossa.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {
    @ParameterizedTest
    @CsvSource({"0, 0.6, 6", "0, 9.3, 5", "0, 22, 8", "-3, 41234, 4", "0.2, 0.2, 5", "0, 0.00037, 5"})
    void ticksEncloseTheDataAtRoundSteps(double from, double to, int ticks) {
        Axis axis = Axis.over(from, to, ticks);

        assertThat(axis.low()).isLessThanOrEqualTo(from + 1e-9);
        assertThat(axis.high()).isGreaterThanOrEqualTo(to - 1e-9);
        assertThat(axis.ticks()).hasSizeBetween(2, 2 * ticks + 2);
        double mantissa = axis.step() / Math.pow(10, Math.floor(Math.log10(axis.step()) + 1e-9));
        assertThat(new double[] {1, 2, 5}).contains(new double[] {mantissa}, within(1e-6));
    }

    @Test
    void labelsHaveTheDecimalsOfTheStep() {
        assertThat(Axis.over(0, 1, 5).label(0.2)).isEqualTo("0.2");
        assertThat(Axis.over(0, 5000, 5).label(2000)).isEqualTo("2,000");
    }
}
