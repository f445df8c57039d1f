package io.glossa.trainer.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.autograd.Gradients;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.cpu.CpuDevice;
import io.glossa.trainer.trace.Trace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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
            for (Function<Trace, Tensor> program : Samples.of(op)) {
                Tensor value = program.apply(new Trace());
                assertThat(Graph.reachable(List.of(value.node())).stream().map(Node::op))
                        .as("primitives of a sample of %s", op)
                        .contains(op);
            }
        }
    }

    @Test
    void cpuAgreesWithReference() {
        Trace trace = new Trace();
        Map<String, Node> outputs = new LinkedHashMap<>();
        for (Op op : Op.values()) {
            for (Function<Trace, Tensor> program : Samples.of(op)) {
                addWithGradients(trace, program, op + "/" + outputs.size(), outputs);
            }
        }
        Graph graph = Graph.of(trace.builder(), outputs);
        try (CpuDevice cpu = CpuDevice.open(2, CpuDevice.defaultCache(), Dumps.NONE)) {
            Devices.assertEqual(cpu, graph, SEED);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Op.class, mode = EnumSource.Mode.EXCLUDE, names = "CALL")
    void gradientAgreesWithFiniteDifferences(Op op) {
        for (Function<Trace, Tensor> program : Samples.of(op)) {
            Trace trace = new Trace();
            Tensor value = program.apply(trace);
            Devices.assertGradient(trace, Devices.scalar(value), SEED);
        }
    }

    private static void addWithGradients(
            Trace trace, Function<Trace, Tensor> program, String name, Map<String, Node> outputs) {
        Tensor value = program.apply(trace);
        outputs.put(name, value.node());
        Tensor loss = Devices.scalar(value);
        Gradients.of(loss, Gradients.parameters(loss))
                .forEach((input, gradient) -> outputs.put(name + " by " + input, gradient.node()));
    }
}
