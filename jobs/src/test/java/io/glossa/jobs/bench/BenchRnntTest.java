package io.glossa.jobs.bench;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchRnntTest {
    @Test
    void refusesWhatItCannotMeasure() {
        assertThatThrownBy(() -> command("--symbols", "1").call())
                .hasMessageStartingWith(
                        "Cannot measure a transducer of 30 utterances of 300 frames and 60 labels, 1 symbols");
        assertThatThrownBy(() -> command("--dtype", "fp8").call())
                .hasMessageStartingWith("Cannot measure 3 steps in fp8 on ")
                .hasMessageEndingWith("expected at least 1 each, in fp32 or bf16");
    }

    private static BenchRnntCommand command(String... words) {
        return CommandLine.populateCommand(new BenchRnntCommand(), words);
    }
}
