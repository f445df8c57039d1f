package io.glossa.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.workbench.TransducerBench;
import java.util.Map;
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

    @Test
    void refusesInputsThatDoNotGoTogether() {
        TransducerBench.Size size = new TransducerBench.Size(2, 5, 3, 4, 8);
        Map<String, HostTensor> inputs = size.random();
        assertThat(TransducerBench.Size.of(inputs)).isEqualTo(size);

        inputs.put("labels", HostTensor.of(new int[] {1, 2, 3, 1, 4, 2}, 2, 3));
        assertThatThrownBy(() -> TransducerBench.Size.of(inputs))
                .hasMessageContaining("found 4 in labels, where numbers are from 0 to 3, expected e [B, T, J]");
        inputs.put("labels", HostTensor.of(new int[4], 2, 2));
        assertThatThrownBy(() -> TransducerBench.Size.of(inputs)).hasMessageContaining("found p ");
    }

    private static BenchRnntCommand command(String... words) {
        return CommandLine.populateCommand(new BenchRnntCommand(), words);
    }
}
