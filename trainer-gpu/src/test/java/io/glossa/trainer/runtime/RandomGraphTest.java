package io.glossa.trainer.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.lower.MixedPrecision;
import io.glossa.trainer.runtime.cpu.CpuDevice;
import io.glossa.trainer.trace.Trace;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random programs and their gradients on the cpu device, fused and not, against the reference. */
class RandomGraphTest {
    private static final int PROGRAMS = Integer.getInteger("glossa.random.programs", 40);

    @ParameterizedTest
    @EnumSource
    void cpuAgreesWithReference(Compile.Grouping grouping) {
        int seed = seed();
        compare(new Compile.Options(grouping, Precision.FP32, Long.MAX_VALUE), graph(seed), seed, 2e-5);
    }

    /** Rounding to 8 bits may fall the other way where a sum differs in its last bit, so one element may be 2^-8 off. */
    @ParameterizedTest
    @EnumSource
    void cpuAgreesWithReferenceInMixedPrecision(Compile.Grouping grouping) {
        int seed = seed();
        Graph mixed = MixedPrecision.apply(graph(seed));
        assertThat(mixed.nodes()).anyMatch(node -> node.type().dtype() == DType.BF16);
        compare(new Compile.Options(grouping, Precision.FP32, Long.MAX_VALUE), mixed, seed, 0.03);
    }

    private static int seed() {
        int seed = Integer.getInteger("glossa.random.seed", new Random().nextInt(1 << 20));
        System.out.println("random graphs: -Dglossa.random.seed=" + seed);
        return seed;
    }

    private static Graph graph(int seed) {
        Random random = new Random(seed);
        Trace trace = new Trace();
        Map<String, Node> outputs = new LinkedHashMap<>();
        for (int i = 0; i < PROGRAMS; i++) {
            new RandomGraphs(trace, random).add("g" + i, outputs);
        }
        return Graph.of(trace.builder(), outputs);
    }

    private static void compare(Compile.Options options, Graph graph, int seed, double tolerance) {
        try (CpuDevice cpu = CpuDevice.open(2, CpuDevice.defaultCache(), options, Dumps.NONE)) {
            Devices.assertEqual(cpu, graph, seed, tolerance);
        }
    }
}
