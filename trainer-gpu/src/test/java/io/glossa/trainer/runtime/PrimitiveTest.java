package io.glossa.trainer.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.cpu.CpuDevice;
import io.glossa.trainer.selftest.PrimitiveGraph;
import io.glossa.trainer.selftest.SampleInputs;
import io.glossa.trainer.selftest.Samples;
import io.glossa.trainer.trace.Trace;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every primitive three ways: samples exist, cpu against reference, gradient against finite differences. */
class PrimitiveTest {
    private static final int SEED = 1;

    @Test
    void everyPrimitiveHasSamples() {
        for (Op op : Op.values()) {
            if (op == Op.CALL) {
                continue;
            }
            assertThat(Samples.of(op)).as("samples of %s", op).isNotEmpty();
            for (Samples.Sample sample : Samples.of(op)) {
                Tensor value = sample.apply(inputs(new Trace()));
                assertThat(Graph.reachable(List.of(value.node())).stream().map(Node::op))
                        .as("primitives of a sample of %s", op)
                        .contains(op);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FP32", "BF16"})
    void cpuAgreesWithReference(Precision precision) {
        Devices.requireProducts(precision);
        Graph graph = PrimitiveGraph.of(precision);
        try (CpuDevice cpu = CpuDevice.open(2, CpuDevice.defaultCache(), Dumps.NONE)) {
            Devices.assertEqual(cpu, graph, SEED, precision == Precision.BF16 ? 0.03 : 2e-5);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Op.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CALL", "SHARD", "REDUCE_SCATTER", "ALL_GATHER"})
    void gradientAgreesWithFiniteDifferences(Op op) {
        for (Samples.Sample sample : Samples.of(op)) {
            Trace trace = new Trace();
            Tensor value = sample.apply(inputs(trace));
            Devices.assertGradient(trace, PrimitiveGraph.scalar(value), SEED);
        }
    }

    private static SampleInputs inputs(Trace trace) {
        return new SampleInputs(trace, Precision.FP32);
    }
}
