package io.glossa.trainer.lower;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import io.glossa.trainer.workbench.Runs;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BiasesInProductsTest {
    private final Trace trace = new Trace();
    private final Tensor x = trace.buffer("x", new Init.Normal(1), 7, 24);

    @Test
    void aProductAddsTheBiasWhereOnlyTheRoundedSumIsWanted() {
        Tensor y = linear("one").reshape(7, 2, 8).cast(DType.BF16);

        assertThat(products(graph(y))).containsExactly(3);
    }

    @Test
    void aSumThatIsReadOtherwiseIsLeftToALoop() {
        Tensor y = linear("one");

        assertThat(products(graph(y.cast(DType.BF16).cast(DType.F32).add(y)))).containsExactly(2);
        assertThat(products(graph(y.exp()))).containsExactly(2);
    }

    @Test
    void theProductGivesTheSameWithItsBias() {
        Tensor y = linear("one").cast(DType.BF16).cast(DType.F32).matmul(weight("two"));
        Graph graph = graph(y);
        HostTensor wanted = of(new ReferenceDevice(), MixedPrecision.apply(graph));
        HostTensor found = of(
                DeviceRequest.of("emit-only")
                        .with(Compile.Options.DEFAULTS.with(Precision.BF16))
                        .open(),
                graph);

        assertThat(Runs.difference(wanted, found)).isLessThan(0.02);
    }

    private Tensor linear(String name) {
        return x.matmul(weight(name)).add(trace.buffer(name + "-bias", new Init.Normal(1), 16));
    }

    private Tensor weight(String name) {
        return trace.buffer(name, new Init.Normal(0.3), name.equals("one") ? 24 : 16, 16);
    }

    private Graph graph(Tensor y) {
        return Graph.of(trace.builder(), Map.of("y", y.node()));
    }

    /** How many inputs each product has. */
    private static int[] products(Graph graph) {
        return BiasesInProducts.apply(MixedPrecision.apply(graph)).nodes().stream()
                .filter(node -> node.op() == Op.MATMUL)
                .mapToInt(node -> node.inputs().size())
                .toArray();
    }

    private static HostTensor of(Device device, Graph graph) {
        try (device) {
            return Runs.once(device, graph, 1).get("y");
        }
    }
}
