package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.glossa.trainer.autograd.Entry;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.autograd.Ranks;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.lower.Decompose;
import io.glossa.trainer.objective.AdamW;
import io.glossa.trainer.runtime.KernelTime;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StepRecipeTest {
    private static final AdamW OPTIMIZER = new AdamW(0.01, 1);
    private static final double SECONDS = 40;
    private static final int SYMBOLS = 31;
    private static final Map<String, String> SMALL = Map.of(
            "layers", "2",
            "d-model", "32",
            "ffn", "96",
            "mels", "16",
            "channels", "4",
            "codebooks", "2",
            "codes", "64",
            "capacity", "0.4",
            "prediction-width", "20",
            "joint-width", "24");

    /** What a graph multiplies is what the formula says, but for the distances' projection and what no gradient is needed of. */
    @ParameterizedTest
    @ValueSource(strings = {"bestrq", "ctc", "rnnt", "las", "most"})
    void aFormulaCountsTheProductsOfAStep(String kind) {
        Bucket bucket = new Bucket(8, 80);
        for (StepRecipe.Source source : recipe(kind, SMALL).sources()) {
            Program program =
                    Program.stream("x", kind, trace -> source.objective().trace(trace, bucket), OPTIMIZER);
            double counted =
                    Decompose.everything(Joint.graph(program, new Trace(), Entry.GRADIENTS, Ranks.ONLY))
                            .nodes()
                            .stream()
                            .filter(node -> switch (node.op()) {
                                case MATMUL, CONV2D, CONV2D_GRAD_INPUT, CONV2D_GRAD_WEIGHT -> true;
                                default -> false;
                            })
                            .mapToDouble(KernelTime::flop)
                            .sum();
            assertThat(counted)
                    .as(source.name())
                    .isCloseTo(source.objective().flop(bucket, bucket.labels()), Percentage.withPercentage(2));
        }
    }

    @Test
    void aStepOfStreamsHasAnUpdateForAll() {
        Ranks two = new Ranks(new Rank(0, 2), Sharding.NONE);
        Bucket batch = new Bucket(4, 80);
        assertThat(StepProgram.of(recipe("most", SMALL), batch, 3, two).stream()
                        .map(program -> program.times() + " " + program.name()))
                .containsExactly(
                        "3 paired-4x80-weight",
                        "1 paired-4x80-share",
                        "3 paired-4x80-gradients",
                        "1 paired-4x80-apply",
                        "3 untranscribed-4x80-weight",
                        "1 untranscribed-4x80-share",
                        "3 untranscribed-4x80-gradients",
                        "1 untranscribed-4x80-apply",
                        "3 text-4x80-weight",
                        "1 text-4x80-share",
                        "3 text-4x80-gradients",
                        "1 text-4x80-apply",
                        "1 streams-apply");
        assertThat(StepProgram.of(recipe("rnnt", SMALL), batch, 3, two).stream()
                        .map(program -> program.times() + " " + program.name()))
                .containsExactly("3 4x80-gradients", "1 4x80-apply");
    }

    @Test
    void streamsShareABatchByTheirSecondsAndAreThoseOfThePhases() {
        Map<String, String> set = new LinkedHashMap<>(SMALL);
        set.putAll(Map.of("untranscribed-batch-seconds", "160", "text-batch-seconds", "10"));
        StepRecipe recipe = recipe("most", set);
        Map<String, Integer> batches = new LinkedHashMap<>();
        recipe.sources()
                .forEach(source -> batches.put(
                        source.name(), source.bucket(new Bucket(2, 400)).utterances()));
        assertThat(batches).containsExactly(entry("paired", 2), entry("untranscribed", 8), entry("text", 1));
        assertThat(recipe.audioSeconds(new Bucket(2, 400))).isEqualTo(4 * (2 + 8));

        set.put("phases", "5:paired,7:paired+text");
        assertThat(recipe("most", set).sources())
                .extracting(StepRecipe.Source::name)
                .containsExactly("paired", "text");
    }

    @Test
    void whatNobodyTrainsIsRefused() {
        assertThatThrownBy(() -> recipe("rntt", SMALL))
                .hasMessage("Cannot train objective 'rntt': expected one of bestrq, ctc, rnnt, las, most (did you mean"
                        + " 'rnnt'?)");
        assertThatThrownBy(() -> StepRecipe.named("ctc", "xs", 0, SMALL, OPTIMIZER, SECONDS))
                .hasMessageContaining("found 0 symbols");
    }

    /** "Google USM" (arXiv 2303.01037), table 2: 0.6 and 2 thousand million; 4096 pieces, in docs/checkpoint.md in millions. */
    @ParameterizedTest
    @CsvSource({
        "bestrq, 740.3, 2016.8",
        "ctc, 610.1, 1821.6",
        "rnnt, 615.7, 1827.4",
        "las, 652.1, 1909.8",
        "most, 809.9, 2163.5"
    })
    void modelsAreAsLargeAsTheirTableSays(String kind, double small, double large) {
        assertThat(millions(kind, "0.6b")).isCloseTo(small, within(0.05));
        assertThat(millions(kind, "2b")).isCloseTo(large, within(0.05));
    }

    private static double millions(String kind, String preset) {
        StepRecipe recipe = StepRecipe.named(kind, preset, 4096, Map.of(), OPTIMIZER, SECONDS);
        Trace declared = StepProgram.declared(recipe, new Bucket(1, 80), 1, Ranks.ONLY);
        return declared.declared(Attr.Role.PARAMETER).values().stream()
                        .mapToLong(type -> type.shape().size())
                        .sum()
                * 1e-6;
    }

    private static StepRecipe recipe(String kind, Map<String, String> set) {
        return StepRecipe.named(kind, "xs", SYMBOLS, set, OPTIMIZER, SECONDS);
    }
}
