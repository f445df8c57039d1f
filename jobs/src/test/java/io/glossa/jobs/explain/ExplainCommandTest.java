package io.glossa.jobs.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.jobs.Glossa;
import io.glossa.jobs.cli.Commands;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.runtime.KernelTime;
import io.glossa.trainer.runtime.Lowered;
import io.glossa.trainer.train.TrainBench;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class ExplainCommandTest {
    @TempDir
    Path folder;

    @Test
    void tellsOfEveryKernelAndOfMemory() throws Exception {
        Path svg = folder.resolve("sub/memory.svg");
        String out = run("--size", "xs", "--batch", "1", "--seconds", "2", "--all", "--svg", svg.toString());

        Lowered step = TrainBench.lowered(
                new TrainBench.Config(
                        "cpu", "bestrq", "xs", "bf16", 1, 2, 1, 1, Long.MAX_VALUE, Sharding.NONE, Map.of()),
                Rank.ONLY);
        assertThat(step.kernels())
                .allSatisfy(kernel ->
                        assertThat(out).contains("  " + KernelTime.of(kernel, 0).kernel() + System.lineSeparator()));
        assertThat(out)
                .startsWith("Fusion: " + step.kernels().size() + " kernels of ")
                .contains("loop", "column sum", "product", "hand-written")
                .contains("The backward part is computed from")
                .contains(String.format(
                        Locale.ROOT, "The arena has %,d bytes", step.arena().bytes()))
                .contains("gradients of parameters     matmul f32[")
                .contains(svg.toString())
                .doesNotContain("more (see --all)");

        Document picture = DocumentBuilderFactory.newDefaultNSInstance()
                .newDocumentBuilder()
                .parse(svg.toFile());
        assertThat(picture.getDocumentElement().getNamespaceURI()).isEqualTo("http://www.w3.org/2000/svg");
        assertThat(picture.getElementsByTagName("path").getLength()).isEqualTo(5);
    }

    @Test
    void saysTheSameWhateverThePersonsDigits() {
        String[] tiny = {
            "--size",
            "xs",
            "--batch",
            "1",
            "--seconds",
            "2",
            "--svg",
            folder.resolve("a.svg").toString()
        };
        String here = run(tiny);
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(run(tiny)).isEqualTo(here);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void tellsWhenParametersAreWholeThatRanksShare() {
        String svg = folder.resolve("shared.svg").toString();
        String[] words = {
            "--size", "xs", "--batch", "1", "--seconds", "2", "--svg", svg, "--all", "--ranks", "4", "--sharding"
        };
        String out = run(append(words, "parameters"));

        // Of this model the heads alone are large: one at a time, and the next on its way; 144 · 8192 halves each.
        assertThat(out)
                .contains("gathered layer by layer, at most 4.5 MB at a time")
                .containsPattern("\\n +1 +2\\.3 .+ heads\\.15\\R");
        assertThat(run(append(words, "optimizer"))).doesNotContain("layer by layer");
        assertThat(run("--ranks", "0")).contains("Cannot explain the step of one of 0 ranks");
    }

    private static String[] append(String[] words, String last) {
        String[] all = Arrays.copyOf(words, words.length + 1);
        all[words.length] = last;
        return all;
    }

    @Test
    void longTablesAreCut() {
        String svg = folder.resolve("memory.svg").toString();
        assertThat(run("--size", "xs", "--batch", "1", "--seconds", "2", "--svg", svg))
                .contains("more (see --all)");
    }

    @Test
    void aPictureThatCannotBeWrittenIsNamed() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(run("--size", "xs", "--batch", "1", "--seconds", "2", "--svg", file + "/memory.svg"))
                .contains("Cannot write the picture");
    }

    /** What the command says. */
    private static String run(String... options) {
        String[] words = new String[options.length + 1];
        words[0] = "explain";
        System.arraycopy(options, 0, words, 1, options.length);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        try (PrintStream all = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            System.setOut(all);
            System.setErr(all);
            Commands.run(new Glossa(), words);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return said.toString(StandardCharsets.UTF_8);
    }
}
