package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.autograd.Ranks;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.fuse.ArenaPlan;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Gathered;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.objective.AdamW;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Lowered;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the compiler makes of a step whose large parameters are shared out: a step of pre-training, two blocks of width 512. */
class GatheredParametersTest {
    /** As many as make logits larger than a head, so that heads are dealt with one by one. */
    private static final int UTTERANCES = 16;

    private static final Map<String, String> SMALL =
            Map.of("layers", "2", "codebooks", "2", "codes", "1024", "capacity", "0.4");

    @ParameterizedTest
    @CsvSource({"CPU,FP32", "CUDA,BF16", "CUDA,FP8"})
    void nothingElseOfAStepIsOtherwise(Target target, Precision precision) {
        Lowered whole = lowered(target, precision, Sharding.OPTIMIZER);
        Lowered shared = lowered(target, precision, Sharding.PARAMETERS);

        assertThat(kernels(shared)).isEqualTo(kernels(whole));
    }

    @ParameterizedTest
    @CsvSource({"CPU,FP32", "CUDA,BF16"})
    void memoryHoldsTheParametersOfTwoLayersAtATime(Target target, Precision precision) {
        Lowered shared = lowered(target, precision, Sharding.PARAMETERS);
        List<ArenaPlan.Life> lives = shared.arena().lives().stream()
                .filter(life -> Gathered.is(life.node()))
                .toList();
        Map<String, Map<String, Long>> layers = new HashMap<>();
        for (ArenaPlan.Life life : lives) {
            String name = Gathered.parameter(life.node());
            layers.computeIfAbsent(Gathered.layer(name), layer -> new HashMap<>())
                    .put(name, life.bytes());
        }
        List<Long> bytes = layers.values().stream()
                .map(layer -> layer.values().stream().mapToLong(Long::longValue).sum())
                .sorted(Collections.reverseOrder())
                .toList();

        assertThat(layers.keySet()).contains("encoder.blocks.0", "encoder.blocks.1", "heads.0", "heads.1");
        assertThat(mostAtATime(lives, shared)).isLessThanOrEqualTo(bytes.get(0) + bytes.get(1));
    }

    @Test
    void aLayerIsGatheredWhileTheOneBeforeIsComputedAndAgainInTheBackwardPart() {
        Lowered shared = lowered(Target.CUDA, Precision.BF16, Sharding.PARAMETERS);
        List<Group> order = shared.schedule().order();
        Map<String, List<ArenaPlan.Life>> byName = shared.arena().lives().stream()
                .filter(life -> Gathered.is(life.node()))
                .collect(Collectors.groupingBy(life -> Gathered.parameter(life.node())));

        assertThat(byName.get("encoder.blocks.1.ff1.linear1.weight")).hasSize(2).allSatisfy(life -> {
            assertThat(life.node().type().dtype()).isEqualTo(DType.BF16);
            assertThat(productsBeforeUse(life, order)).isGreaterThanOrEqualTo(2);
        });
        assertThat(byName.get("heads.1.weight"))
                .as("its backward part follows at once")
                .hasSize(1);
    }

    /** Products between the begin of a gather and the first that needs it. */
    private static long productsBeforeUse(ArenaPlan.Life life, List<Group> order) {
        int begins = position(order, life.node());
        int used = begins + 1;
        while (!order.get(used).reads().contains(life.node())) {
            used++;
        }
        return order.subList(begins, used).stream()
                .filter(group -> group.root().op() == Op.MATMUL)
                .count();
    }

    private static int position(List<Group> order, Node root) {
        int at = 0;
        while (order.get(at).root() != root) {
            at++;
        }
        return at;
    }

    private static long mostAtATime(List<ArenaPlan.Life> lives, Lowered program) {
        long most = 0;
        for (int step = 0; step < program.kernels().size(); step++) {
            long bytes = 0;
            for (ArenaPlan.Life life : lives) {
                bytes += life.first() <= step && step <= life.last() ? life.bytes() : 0;
            }
            most = Math.max(most, bytes);
        }
        return most;
    }

    /** Products and the like by their types, and the texts of all loops that read no large parameter. */
    private static List<String> kernels(Lowered program) {
        List<String> kernels = new ArrayList<>();
        for (Kernel kernel : program.kernels()) {
            for (Group group : kernel.groups()) {
                Node root = group.root();
                if (group.kind() == Group.Kind.KERNEL && !root.op().isCollective()) {
                    kernels.add(root.op() + " "
                            + root.inputs().stream().map(Node::type).toList() + " " + root.type());
                } else if (!root.op().isCollective()
                        && group.reads().stream().noneMatch(GatheredParametersTest::isLarge)) {
                    kernels.add(root.type() + " " + kernel.source());
                }
            }
        }
        Collections.sort(kernels);
        return kernels;
    }

    private static boolean isLarge(Node node) {
        return Gathered.is(node)
                || node.op() == Op.INPUT
                        && node.attr(Attr.Input.class).role() == Attr.Role.PARAMETER
                        && node.shape().size() >= 1 << 16;
    }

    private static Lowered lowered(Target target, Precision precision, Sharding sharding) {
        StepRecipe recipe = StepRecipe.named("bestrq", "m", 8, SMALL, new AdamW(0.01, 1), 10);
        Ranks ranks = new Ranks(new Rank(1, 4), sharding);
        return LoweredStep.of(
                        recipe, new Bucket(UTTERANCES, 400), 1, ranks, target, Compile.Options.DEFAULTS.with(precision))
                .largest();
    }
}
