package io.glossa.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.glossa.jobs.Glossa;
import io.glossa.jobs.cli.Commands;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlanTrainCommandTest {
    /** A model whose programs take a moment to lower. */
    private static final List<String> SMALL =
            List.of("--set", "layers=1", "--set", "codebooks=2", "--seconds", "2", "--batch", "2");

    private final PrintStream standardOut = System.out;
    private final PrintStream standardError = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(standardOut);
        System.setErr(standardError);
    }

    @Test
    void aPlanIsAPageForAPerson() {
        assertThat(run("--ranks", "16", "--device", "h100")).isZero();
        String page = out.toString(StandardCharsets.UTF_8);
        assertThat(page)
                .contains(
                        "sharding=none",
                        "sharding=optimizer",
                        "sharding=parameters",
                        "weights",
                        "optimizer state",
                        "margin")
                .contains("reduce-scatter, S·(N − 1)/N", "audio hours per hour, all ranks", "assumed: ", "data sheet: ")
                .containsPattern("\nChoose sharding=(none|optimizer|parameters) with batches of 2: .+\\.\n");
        assertThat(page.lines()).allMatch(line -> line.length() <= 120);
    }

    @Test
    void aPlanIsALineForAProgram() throws Exception {
        assertThat(run("--ranks", "2", "--device", "cpu", "--json")).isZero();
        JsonNode plan = new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));

        assertThat(plan.path("plans")).hasSize(3);
        for (JsonNode way : plan.path("plans")) {
            long sum = 0;
            for (JsonNode bytes : way.path("bytes")) {
                sum += bytes.asLong();
            }
            assertThat(way.path("planned_bytes").asLong()).isEqualTo(sum).isPositive();
            assertThat(way.path("sent_bytes").asLong()).isPositive();
            assertThat(way.path("step_s").asDouble()).isPositive();
            assertThat(way.path("fits").asBoolean()).isTrue();
        }
        assertThat(plan.path("chosen").asText()).isIn("none", "optimizer", "parameters");
        assertThat(plan.path("rates")
                        .path("bf16 products, FLOP/s")
                        .path("basis")
                        .asText())
                .isEqualTo("MEASURED");
    }

    @Test
    void ranksShareTheParts() throws Exception {
        assertThat(run("--ranks", "4", "--set", "parts=6", "--set", "sharding=none"))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("parts=6")
                .containsPattern("batch of a rank, utterances +up to 2 parts of 2\n");
        out.reset();
        assertThat(run("--ranks", "4", "--json")).isZero();
        JsonNode plan = new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
        assertThat(plan.path("parts").asInt()).isEqualTo(4);
        assertThat(plan.path("parts_of_rank").asInt()).isEqualTo(1);
        refused("Cannot plan for 4 ranks: found parts=3, expected", "--ranks", "4", "--set", "parts=3");
    }

    @Test
    void whatDoesNotFitIsSaidWithWhatWouldHelp() {
        assertThat(run("--device", "h200", "--memory", "3.88")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains(
                        "Nothing fits: 2 utterances take ",
                        "What would help:",
                        "batches of 1: ",
                        "optimizer-state=bf16: ");
    }

    @Test
    void anObjectiveIsAParameter() {
        assertThat(run("--objective", "ctc", "--set", "sharding=optimizer", "--ranks", "2"))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("xs, ctc in bf16")
                .doesNotContain("sharding=none");
        out.reset();
        assertThat(run("--objective", "rnnt", "--set", "joint-width=64")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("xs, rnnt in bf16");
    }

    @Test
    void streamsAreTheProgramsOfOneStep() {
        assertThat(run(
                        "--objective", "most",
                        "--set", "untranscribed-batch-seconds=80",
                        "--set", "codes=256",
                        "--set", "joint-width=64",
                        "--device", "cpu"))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("xs, most in bf16")
                .containsPattern("\n  of a part, paired +2\n  of a part, untranscribed +4\n  of a part, text +2\n")
                .containsPattern("\narena of the largest program +0\\.\\d{3}\n")
                .containsPattern("\nkernels started +\\d,\\d{3}\n");
    }

    @Test
    void aBudgetThatNothingKeepsIsAnsweredByTheCompiler() {
        assertThat(run("--activation-budget", "1")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("Cannot fit the activations of program '2x200' into 1 MB: ");
    }

    @Test
    void whatNobodyKnowsIsAnsweredWithWhatThereIs() {
        refused("Cannot plan for device 'h300': no such preset, expected one of cpu, h100, h200", "--device", "h300");
        refused("Cannot use model preset 'xz': no such preset, expected one of xs, s, demo, m", "--preset", "xz");
        refused("Cannot train objective 'rntt': expected one of bestrq, ctc, rnnt, las, most", "--objective", "rntt");
        refused("Cannot set 'shrading': no such key, expected one of layers", "--set", "shrading=none");
        refused("Cannot plan for a batch of 'all' utterances, expected a number or auto", "--batch", "all");
        refused("Cannot plan for 0 ranks and utterances of 16 s, expected at least 1 each", "--ranks", "0");
        refused("Cannot keep activations in -3 MB, expected at least 1", "--activation-budget", "-3");
        refused("Cannot plan for a memory of -1.0 GB, expected more than 0", "--memory", "-1");
    }

    private void refused(String message, String... options) {
        err.reset();
        assertThat(Commands.run(
                        new Glossa(),
                        Stream.concat(Stream.of("plan", "train"), Stream.of(options))
                                .toArray(String[]::new)))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith(message);
    }

    private int run(String... options) {
        Stream<String> words = Stream.concat(Stream.of("plan", "train"), SMALL.stream());
        return Commands.run(
                new Glossa(), Stream.concat(words, Stream.of(options)).toArray(String[]::new));
    }
}
