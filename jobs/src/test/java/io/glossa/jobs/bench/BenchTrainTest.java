package io.glossa.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.glossa.trainer.train.BenchResult;
import io.glossa.trainer.train.TrainBench;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchTrainTest {
    private static final String PEER = "{\"rtfx\": 10, \"step_s\": 1, \"first_s\": 5, \"peak_mb\": 600, \"batch\": %s}";

    @TempDir
    Path folder;

    @Test
    void sizesHaveTheNamesOfPapersToo() {
        TrainBench.Config config = options("--size", "USM-0.6B", "--batch", "7").config(3);
        assertThat(config.size()).isEqualTo("0.6b");
        assertThat(BenchTrainOptions.common(config))
                .containsSequence("--device", "cpu", "--size", "USM-0.6B", "--dtype", "bf16", "--batch", "7");
        assertThat(BenchTrainOptions.common(options("--size", "m").config(1))).containsSequence("--size", "M");
    }

    @Test
    void anObjectiveThatIsNotTheUsualOneIsNamed() {
        TrainBench.Config config = options("--objective", "most").config(1);
        assertThat(BenchTrainOptions.common(config)).endsWith("--objective", "most");
        assertThat(MeasuredStep.words(config, folder)).startsWith("cpu", "most", "xs");
        assertThat(BenchTrainOptions.common(options().config(1))).doesNotContain("--objective");
        assertThatThrownBy(() -> options("--objective", "best-rq").config(1))
                .hasMessageStartingWith(
                        "Cannot train objective 'best-rq': expected one of bestrq, ctc, rnnt, las, most");
    }

    @Test
    void aModelMayDifferFromItsPreset() {
        TrainBench.Config config =
                options("--set", "attention=local:64,64", "--set", "kernel=9").config(1);
        assertThat(config.set()).containsOnly(entry("attention", "local:64,64"), entry("kernel", "9"));
        assertThat(BenchTrainOptions.common(config)).endsWith("--set", "attention=local:64,64", "--set", "kernel=9");
        assertThat(MeasuredStep.words(config, folder)).contains("attention=local:64,64\nkernel=9");
    }

    @Test
    void refusesWhatItCannotMeasure() {
        assertThatThrownBy(() -> options("--device", "cdua").config(1))
                .hasMessage("Cannot measure a step on device 'cdua': expected one of cpu, cuda (did you mean 'cuda'?)");
        assertThatThrownBy(() -> options("--batch", "all").config(1))
                .hasMessage("Cannot measure a batch of 'all' utterances, expected a number or auto");
        assertThatThrownBy(() -> options("--set", "attention=local:8, 8").config(1))
                .hasMessageStartingWith("Cannot set 'attention': found 'local:8, 8', expected full, ");
        assertThatThrownBy(() -> options("--set", "kernle=5").config(1))
                .hasMessageStartingWith("Cannot set 'kernle': no such key, expected one of ");
        assertThatThrownBy(() -> options("--batch", "auto").config(1))
                .hasMessageStartingWith("Cannot compute the largest batch on device 'cpu'");
    }

    @Test
    void aPeerKeepsTheOptionsThatItIsCalledWith() throws Exception {
        Path script = Files.writeString(
                folder.resolve("peer.sh"),
                "while [ $# -gt 0 ]; do case $1 in --batch) batch=$2;; --size) size=$2;; esac; shift 2; done\n"
                        + "[ \"$size\" = XS ] && printf '" + PEER + "\\n' \"$batch\"\n");
        List<String> options = List.of("--size", "XS", "--batch", "4");

        Comparison.Peer own = MeasuredProcess.peer("sh " + script + " --batch 2", options, Comparison.Peer.class);
        Comparison.Peer ours = MeasuredProcess.peer("sh " + script, options, Comparison.Peer.class);

        assertThat(own.batch()).isEqualTo(2);
        assertThat(ours.batch()).isEqualTo(4);
    }

    @Test
    void memoryIsComparedByTheUtterance() {
        Comparison comparison = new Comparison();
        comparison.add(
                new BenchResult(
                        "some GPU", "bestrq", "m", "bf16", 1, 8, 16, 2, 1, 1, 128, 9, 3, 500, 100, 900, 1600, 0, 1, 9),
                new Comparison.Peer(64, 1, 30, 1200, 4));
        String[] lines = comparison.table().split("\n");
        assertThat(lines[1]).containsPattern("Glossa +8 +128\\.0 .* 1600 +200\\.0");
        assertThat(lines[2]).containsPattern("peer +4 +64\\.0 .* 1200 +300\\.0");
        assertThat(lines[3]).contains("2.00×").endsWith("0.67×");
    }

    private static BenchTrainOptions options(String... words) {
        return CommandLine.populateCommand(new BenchTrainOptions(), words);
    }
}
