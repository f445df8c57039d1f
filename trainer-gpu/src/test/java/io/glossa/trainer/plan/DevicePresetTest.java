package io.glossa.trainer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.Op;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DevicePresetTest {
    @Test
    void everyPresetFileIsNamedAndSaysWhereItsFiguresAreFrom() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../deploy/presets/device"))) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".json", "")))
                    .containsExactlyInAnyOrderElementsOf(DevicePreset.presets())
                    .allSatisfy(name -> {
                        DevicePreset device = DevicePreset.of(name);
                        assertThat(device.name()).isEqualTo(name);
                        assertThat(device.free()).isBetween(1L << 30, (long)
                                device.memory().all().value());
                        assertThat(device.kernels().bf16().value()).isPositive();
                        assertThat(device.kernels().memory().source()).isNotBlank();
                    });
        }
    }

    @Test
    void aMachineKeepsAShareOfItsMemoryForItself() {
        DevicePreset device = DevicePreset.of("cpu")
                .withMemory(1_000_000_000
                        + (long) DevicePreset.of("cpu").memory().idle().value());
        assertThat(device.margin()).isEqualTo(100_000_000);
        assertThat(device.free()).isEqualTo(900_000_000 - device.process());
    }

    @Test
    void anUnknownPresetIsAnsweredWithTheKnownOnes() {
        assertThatThrownBy(() -> DevicePreset.of("h20"))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                .hasMessage("Cannot plan for device 'h20': no such preset, expected one of cpu, h100, h200"
                        + " (did you mean 'h200'?)");
        assertThatThrownBy(() -> DevicePreset.of("h100").withRanksPerMachine(0))
                .hasMessage("Cannot plan for 0 ranks on a machine, expected at least 1");
    }

    @Test
    void aRingIsAsFastAsItsSlowestLink() {
        Links links = new Links(Links.Way.RING, 8, rate(400), rate(100), rate(0));
        assertThat(Links.sent(Op.REDUCE_SCATTER, 800, 8)).isEqualTo(700);
        assertThat(Links.sent(Op.ALL_REDUCE, 800, 8)).isEqualTo(1400);
        assertThat(links.seconds(Op.ALL_GATHER, 800, 8)).isEqualTo(700 / 400.0);
        assertThat(links.seconds(Op.ALL_GATHER, 1600, 16)).isEqualTo(1500 / 100.0);
    }

    @Test
    void pairsOfAMachineShareItsWayOut() {
        Links links = new Links(Links.Way.PAIRS, 2, rate(400), rate(100), rate(1));
        assertThat(links.seconds(Op.ALL_GATHER, 800, 2)).isEqualTo(1 + 400 / 400.0);
        // Of 800 bytes each of 4 ranks sends 200 to its neighbour and 400 out of the machine, as its neighbour does.
        assertThat(links.seconds(Op.ALL_GATHER, 800, 4)).isCloseTo(1 + 200 / 400.0 + 800 / 100.0, withPercentage(1e-6));
    }

    private static Rate rate(double value) {
        return new Rate(value, Rate.Basis.ASSUMED, "a test");
    }
}
