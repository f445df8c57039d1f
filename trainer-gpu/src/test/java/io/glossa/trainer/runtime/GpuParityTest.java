package io.glossa.trainer.runtime;

import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.lower.MixedPrecision;
import io.glossa.trainer.selftest.PrimitiveGraph;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is emitted for a GPU, run thread by thread on the processor, against the reference. */
class GpuParityTest {
    private static final int PROGRAMS = Integer.getInteger("glossa.random.gpu.programs", 40);
    private static final double FP32 = 2e-5;
    private static final double BF16 = 0.03;

    /** Of thousands of elements, and sines of large numbers. */
    private static final double LONG_SUMS = 2e-3;

    private static final Device GPU = DeviceRequest.of("emit-only").open();

    @AfterAll
    static void close() {
        GPU.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"FP32", "BF16"})
    void primitivesAgreeWithReference(Precision precision) {
        Devices.assertEqual(GPU, PrimitiveGraph.of(precision), 1, precision == Precision.BF16 ? BF16 : FP32);
    }

    /** Of one row, so that where it lies does not depend on any loop. */
    @Test
    void kernelsReadBackWhatTheyWrote() {
        Trace trace = new Trace();
        Tensor x = trace.parameter("x", new Init.Normal(1), 1, 1);
        Tensor both = x.exp().concat(1, x.exp().mul(x.constant(2)));
        Tensor top = both.max(1);
        Tensor ties = both.equal(top.expand(both.shape())).cast(DType.F32);
        trace.output("both", both);
        trace.output("top", top);
        trace.output("ties", ties.sum(1));
        Devices.assertEqual(GPU, Graph.of(trace.builder(), trace.outputs()), 1, FP32);
    }

    /** Not wide ones in BF16: among so many elements rounding turns some comparison on every input. */
    @ParameterizedTest
    @CsvSource({"FP32, false", "FP32, true", "BF16, false"})
    void randomProgramsAgreeWithReference(Precision precision, boolean wide) {
        int seed = Integer.getInteger("glossa.random.seed", new Random().nextInt(1 << 20));
        System.out.println("random graphs: -Dglossa.random.seed=" + seed);
        Graph graph = trained(new Random(seed), wide ? RandomGraphs.WIDE : RandomGraphs.AWKWARD);
        boolean half = precision == Precision.BF16;
        double tolerance = half ? BF16 : wide ? LONG_SUMS : FP32;
        Devices.assertEqualOnSomeInput(GPU, half ? MixedPrecision.apply(graph) : graph, seed, tolerance);
    }

    private static Graph trained(Random random, int[] extents) {
        Trace trace = new Trace();
        Map<String, Node> outputs = new LinkedHashMap<>();
        Map<String, Node> updates = new LinkedHashMap<>();
        Map<String, Node> gradients = new LinkedHashMap<>();
        for (int i = 0; i < PROGRAMS; i++) {
            new RandomGraphs(trace, random, extents).addTrained("g" + i, outputs, updates, gradients);
        }
        return new Graph(trace.builder(), outputs, updates, gradients);
    }
}
