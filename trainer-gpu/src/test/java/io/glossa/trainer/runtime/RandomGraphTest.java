package io.glossa.trainer.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.autograd.Partition;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.lower.Decompose;
import io.glossa.trainer.lower.MixedPrecision;
import io.glossa.trainer.runtime.cpu.CpuDevice;
import io.glossa.trainer.runtime.cpu.QuickCpu;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Trace;
import io.glossa.trainer.workbench.Runs;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Random programs and their gradients on the cpu device, fused and not, against the reference. */
class RandomGraphTest {
    /** Programs of each kind: whether in bf16, and whether trained by a step of gradient descent. Others in each run. */
    private static final int PROGRAMS = Integer.getInteger("glossa.random.programs", 300);

    /** Programs that are compiled by all of the C++ compiler's optimizations; unfused, they have many kernels. */
    private static final int OPTIMIZED = 40;

    /** Programs in one graph: the time to lower it grows faster than its size. */
    private static final int TOGETHER = 50;

    private static final double FP32 = 2e-5;

    /** Rounding to 8 bits may fall the other way where a sum differs in its last bit, so one element may be 2^-8 off. */
    private static final double BF16 = 0.03;

    @TempDir
    static Path cache;

    @ParameterizedTest
    @EnumSource
    void cpuAgreesWithReference(Compile.Grouping grouping) {
        int seed = seed();
        compare(grouping, values(new Random(seed), OPTIMIZED), seed, FP32);
    }

    @ParameterizedTest
    @EnumSource
    void cpuAgreesWithReferenceInMixedPrecision(Compile.Grouping grouping) {
        Devices.requireProducts(Precision.BF16);
        int seed = seed();
        compare(grouping, mixed(values(new Random(seed), OPTIMIZED)), seed, BF16);
    }

    /** Without optimizations of the C++ compiler, which cost ten times as long as all else. */
    @ParameterizedTest
    @CsvSource({"FP32, false", "FP32, true", "BF16, false", "BF16, true"})
    void fusedProgramsAgreeWithReference(Precision precision, boolean trained) {
        Devices.requireProducts(precision);
        int seed = seed();
        Random random = new Random(seed);
        try (CpuDevice cpu = QuickCpu.open(cache, Compile.Options.DEFAULTS)) {
            for (int done = 0; done < PROGRAMS; done += TOGETHER) {
                int count = Math.min(TOGETHER, PROGRAMS - done);
                Graph graph = trained ? trained(random, count) : values(random, count);
                Devices.assertEqualOnSomeInput(
                        cpu,
                        precision == Precision.BF16 ? mixed(graph) : graph,
                        seed,
                        precision == Precision.BF16 ? BF16 : FP32);
            }
        }
    }

    /** What the programs above are for: that values are kept, and others computed again. */
    @Test
    void thePartitionOfTrainedProgramsHasWorkToDo() {
        Graph joint = trained(new Random(seed()), OPTIMIZED);
        Lowered lowered = Compile.lowered("random", joint, Target.CPU, Compile.Options.DEFAULTS, Dumps.NONE);
        Set<Node> saved = lowered.graph().nodes().stream()
                .filter(node -> node.op() == Op.SAVED)
                .collect(Collectors.toSet());

        assertThat(saved).hasSizeGreaterThan(OPTIMIZED);
        assertThat(lowered.graph().nodes())
                .anyMatch(node -> node.kind() == Op.Kind.POINTWISE && saved.containsAll(node.inputs()));
    }

    /** In double precision, where what is computed again has the very same bits. */
    @Test
    void thePartitionKeepsLossesAndUpdates() {
        int seed = seed();
        Graph joint = Decompose.everything(trained(new Random(seed), OPTIMIZED));
        Map<String, HostTensor> expected = Runs.once(new ReferenceDevice(), joint, seed);
        Predicate<Node> all = node -> node.op() != Op.MATMUL && node.op() != Op.RANDOM_UNIFORM;
        Predicate<Node> elementwise = node -> node.kind() == Op.Kind.POINTWISE;
        for (Partition.Repeat repeat : List.of(
                new Partition.Repeat(all, 96, Partition.Aim.MEMORY),
                new Partition.Repeat(elementwise, 24, Partition.Aim.SPEED),
                new Partition.Repeat(all, 1, Partition.Aim.SPEED))) {
            Graph partitioned = Partition.apply(joint, repeat);
            assertThat(partitioned.nodes().stream().anyMatch(node -> node.op() == Op.SAVED))
                    .isTrue();

            Map<String, HostTensor> found = Runs.once(new ReferenceDevice(), partitioned, seed);

            expected.forEach((name, value) ->
                    assertThat(found.get(name).floats()).as(name).containsExactly(value.floats()));
        }
    }

    private static int seed() {
        int seed = Integer.getInteger("glossa.random.seed", new Random().nextInt(1 << 20));
        System.out.println("random graphs: -Dglossa.random.seed=" + seed);
        return seed;
    }

    private static Graph values(Random random, int programs) {
        Trace trace = new Trace();
        Map<String, Node> outputs = new LinkedHashMap<>();
        for (int i = 0; i < programs; i++) {
            new RandomGraphs(trace, random, RandomGraphs.AWKWARD).add("g" + i, outputs);
        }
        return Graph.of(trace.builder(), outputs);
    }

    private static Graph trained(Random random, int programs) {
        Trace trace = new Trace();
        Map<String, Node> outputs = new LinkedHashMap<>();
        Map<String, Node> updates = new LinkedHashMap<>();
        Map<String, Node> gradients = new LinkedHashMap<>();
        for (int i = 0; i < programs; i++) {
            new RandomGraphs(trace, random, RandomGraphs.AWKWARD).addTrained("g" + i, outputs, updates, gradients);
        }
        return new Graph(trace.builder(), outputs, updates, gradients);
    }

    private static Graph mixed(Graph graph) {
        Graph mixed = MixedPrecision.apply(graph);
        assertThat(mixed.nodes()).anyMatch(node -> node.type().dtype() == DType.BF16);
        return mixed;
    }

    private static void compare(Compile.Grouping grouping, Graph graph, int seed, double tolerance) {
        Compile.Options options = new Compile.Options(grouping, Precision.FP32, Long.MAX_VALUE);
        try (CpuDevice cpu = CpuDevice.open(2, CpuDevice.defaultCache(), options, Dumps.NONE)) {
            Devices.assertEqualOnSomeInput(cpu, graph, seed, tolerance);
        }
    }
}
