package io.glossa.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.glossa.config.ConfigBinder;
import io.glossa.jobs.cli.Commands;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.train.TrainConfig;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line as a person types it. */
class GlossaTest {
    @TempDir
    Path folder;

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "submit pretrain",
                "demo",
                "submit ingest",
                "submit featurize",
                "submit most",
                "submit finetune",
                "submit ingest-text",
                "submit consent",
                "submit tokenizer",
                "submit average",
                "submit label",
                "submit evaluate",
                "bench train",
                "bench checkpoints",
                "bench features",
                "explain",
                "plan train",
                "lineage ask model",
                "lineage ask recording",
                "lineage ask licence",
                "lineage ask changes",
                "lineage forget",
                "verify",
                "selftest",
                "workbench",
                "bundle",
                "chaos"
            })
    void helpIsAPage(String command) {
        assertThat(run(command + " --help")).isZero();
        assertThat(out()).contains("Usage: ./glossa " + command, "--help").doesNotContain("${");
        assertThat(out().lines().count()).isLessThan(70);
        assertThat(err()).isEmpty();
    }

    @Test
    void aMisspeltOptionIsNamedThoughItLeavesARequiredOneMissing() {
        assertThat(run("submit featurize --lkae x")).isEqualTo(2);
        assertThat(err()).contains("unknown option '--lkae'").contains("did you mean '--lake'?");
    }

    @Test
    void helpNamesEverySetting() {
        run("submit pretrain --help");
        assertThat(out()).contains(keys(List.of(ModelConfig.class, BestRqConfig.class, TrainConfig.class)));
        run("submit finetune --help");
        assertThat(out().substring(out().lastIndexOf("Usage:")))
                .contains(keys(List.of(ModelConfig.class, TrainConfig.class)))
                .contains("spec-augment");
    }

    @Test
    void aCommandAloneNamesItsParts() {
        assertThat(run("submit")).isEqualTo(2);
        assertThat(err()).contains("Cannot run './glossa submit' alone", "pretrain", "finetune");
        assertThat(run("--version")).isZero();
        assertThat(out()).startsWith("glossa 0.");
    }

    @Test
    void whatIsMistypedNamesItsNearest() {
        assertThat(run("submit pretrian")).isEqualTo(2);
        assertThat(err()).contains("did you mean 'pretrain'?");
        assertThat(run("submit pretrain --lake x --splitz train")).isEqualTo(2);
        assertThat(err()).contains("did you mean '--splits'?");
        assertThat(run("submit finetune --preset xs --init y --lake x")).isEqualTo(2);
        assertThat(err()).contains("mutually exclusive");
    }

    @Test
    void anEncodingThatNobodyKnowsIsRefusedAtOnce() {
        for (String command : List.of("submit ingest --lake x", "demo")) {
            assertThat(run(command + " --audio y --encoding latin-1")).isEqualTo(2);
            assertThat(err()).contains("Cannot use encoding 'latin-1'", "did you mean 'ISO-8859-1'?");
            err.reset();
        }
        assertThat(run("demo --encoding latin1")).isEqualTo(2);
        assertThat(err()).startsWith("Cannot use --encoding latin1: found no --audio, expected");
    }

    @Test
    void theSelfTestRefusesWhatItCannotTest() {
        assertThat(run("selftest --device gpu")).isEqualTo(2);
        assertThat(err()).startsWith("Cannot use device 'gpu': expected one of cpu, cuda");
        assertThat(run("selftest --device reference")).isEqualTo(2);
        assertThat(err()).contains("Cannot test device 'reference'");
    }

    @Test
    void theSelfTestEndsWithItsCount() {
        assertThat(run("selftest --quick")).isZero();
        List<String> lines = out().lines().toList();
        assertThat(lines.get(0)).startsWith("check").contains("dtype");
        assertThat(lines.get(lines.size() - 1)).matches("[1-9]\\d+ passed, 0 failed");
        assertThat(lines.size()).isLessThan(80);
    }

    @Test
    void theWorkbenchListsItsKernelsAndNamesTheNearest() {
        assertThat(run("workbench")).isZero();
        assertThat(out()).contains("attention-gradient", "codebook-search", "adamw");
        assertThat(run("workbench layernorm")).isEqualTo(2);
        assertThat(err())
                .startsWith("Cannot put kernel 'layernorm' on the workbench: no such kernel, expected one of attention")
                .contains("did you mean 'layer-norm'?");
        assertThat(run("workbench glu --size xx")).isEqualTo(2);
        assertThat(err()).contains("Cannot use model preset 'xx'");
    }

    @Test
    void aKernelIsCheckedAndTimed() {
        assertThat(run("workbench layer-norm --batch 1 --seconds 1 --dtype fp32"))
                .isZero();
        assertThat(out()).contains("layer-norm fp32 on cpu", "pass", "µs in all", "µs at least");
    }

    @Test
    void aTrainingStepIsMeasuredInOneLineOfJson() throws Exception {
        String line = "bench train --size xs --dtype fp32 --batch 1 --seconds 1 --threads 2 --steps 1 --json";
        Path said = folder.resolve("said");
        Process process = GlossaProcess.start(said, List.of(line.split(" ")));
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(said)).isZero();

        List<String> lines = Files.readAllLines(said);
        JsonNode json = new ObjectMapper().readTree(lines.get(lines.size() - 1));
        for (String name : List.of("step_s", "rtfx", "first_s", "warm_first_s", "arena_mb", "peak_mb", "gflop")) {
            assertThat(json.path(name).asDouble()).as(name).isPositive();
        }
        assertThat(json.path("dtype").asText()).isEqualTo("fp32");
    }

    private static List<String> keys(List<Class<? extends Record>> types) {
        return types.stream().flatMap(type -> ConfigBinder.keys(type).stream()).toList();
    }

    private static int run(String line) {
        return Commands.run(new Glossa(), line.split(" "));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
