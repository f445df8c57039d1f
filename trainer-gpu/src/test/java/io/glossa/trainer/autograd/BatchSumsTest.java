package io.glossa.trainer.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.AdamW;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Target;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchSumsTest {
    private static final Ranks TWO = new Ranks(new Rank(0, 2), Sharding.NONE);

    private static final BestRq OBJECTIVE = new BestRq(
            new ModelConfig(3, 16, 2, 64, 3, "chunk:6", ModelConfig.Convolution.CROSSING, 8, 4),
            new BestRqConfig(2, 9, 4, 0.7, 0.1, 3, 0.1));

    @Test
    void whatAPartAddsNeedsNoOptimizerAndWhatIsUpdatedNoBatch() {
        Trace trace = new Trace();
        Graph gradients = Joint.graph(program(new Bucket(4, 80)), trace, Entry.GRADIENTS, Ranks.ONLY);
        assertThat(gradients.outputs()).isEmpty();
        assertThat(gradients.updates().keySet())
                .isEqualTo(trace.declared(Attr.Role.SUM).keySet())
                .contains("sum.loss.sum", "sum.loss.weight", "sum.quantizer.usage", "sum.gradient.heads.1.weight");
        assertThat(names(gradients)).noneMatch(name -> name.startsWith("adam."));

        Graph apply = Joint.graph(program(new Bucket(4, 80)), new Trace(), Entry.APPLY, Ranks.ONLY);
        assertThat(names(apply)).contains("learning-rate").doesNotContain("features", "lengths", "streams");
        assertThat(apply.outputs()).containsKeys("loss", "gradient-norm", "codebook-entropy");
    }

    /** One update serves all buckets. */
    @Test
    void theUpdateIsTheSameWhateverTheBucket() {
        List<String> some = names(Joint.graph(program(new Bucket(4, 80)), new Trace(), Entry.APPLY, TWO));
        List<String> others = names(Joint.graph(program(new Bucket(1, 200)), new Trace(), Entry.APPLY, TWO));
        assertThat(others).isEqualTo(some);
    }

    @Test
    void gradientsOfAPartNeedNoMoreMemoryThanAStep() {
        assertThat(arena(Entry.GRADIENTS)).isLessThanOrEqualTo(arena(Entry.STEP));
    }

    @Test
    void smallSumsTravelTogether() {
        Graph graph = Joint.graph(program(new Bucket(4, 80)), new Trace(), Entry.STEP, TWO);
        long sums = graph.updates().keySet().stream()
                .filter(name -> name.startsWith("adam.first."))
                .count();
        long sent = graph.nodes().stream()
                .filter(node -> node.op().isCollective())
                .peek(node -> assertThat(node.attr()).isNotInstanceOf(Attr.Sum.class))
                .count();
        assertThat(sent).isBetween(1L, sums / 8);
        assertThat(Joint.graph(program(new Bucket(4, 80)), new Trace()).nodes())
                .noneMatch(node -> node.op() == Op.ALL_REDUCE);
    }

    @Test
    void aMetricOfOnePartIsRefused() {
        Program program = Program.training(
                "part",
                trace -> {
                    Tensor x = trace.batch("x", DType.F32, 4);
                    Tensor w = trace.parameter("w", Init.ONES, 4);
                    trace.loss(x.mul(w).total());
                    trace.output("largest", x.max(0));
                },
                (trace, parameters, gradients, share) -> {});
        assertThatThrownBy(() -> Joint.graph(program, new Trace(), Entry.APPLY, Ranks.ONLY))
                .hasMessage("Cannot train in parts: what follows the sums over a batch reads x, which is of one part,"
                        + " expected sums alone (Tensor.batchSum, Trace.mean)");
    }

    private static Program program(Bucket bucket) {
        return Program.training("test", trace -> OBJECTIVE.trace(trace, bucket), new AdamW(0.01, 1));
    }

    private static List<String> names(Graph graph) {
        return graph.inputs().stream()
                .map(node -> node.attr(Attr.Input.class).name())
                .toList();
    }

    private static long arena(Entry entry) {
        Graph graph = Joint.graph(program(new Bucket(16, 400)), new Trace(), entry, Ranks.ONLY);
        return Compile.lowered("test", graph, Target.CPU, Compile.Options.DEFAULTS, Dumps.NONE)
                .arena()
                .bytes();
    }
}
