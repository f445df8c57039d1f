package io.glossa.trainer.lower;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.autograd.Gradients;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.emit.Argument;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.AttentionSpan;
import io.glossa.trainer.nn.Layers;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.AdamW;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Lowered;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.Target;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import io.glossa.trainer.workbench.Runs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JoinedProductsTest {
    private static final int ROWS = 40;
    private static final int WIDTH = 24;

    private final Trace trace = new Trace();
    private final Tensor x = trace.buffer("x", new Init.Normal(1), ROWS, WIDTH)
            .mul(trace.parameter("gain", new Init.Normal(1), WIDTH))
            .add(trace.batch("shift", DType.I32).cast(DType.F32).mul(0.01));

    static Stream<Arguments> layers() {
        return Stream.of(
                Arguments.of(new int[] {16}, 3),
                Arguments.of(new int[] {16, 16}, 3),
                Arguments.of(new int[] {16, 16, 16}, 3),
                Arguments.of(new int[] {16, 8, 16}, 6));
    }

    /** Forward, by the input and by the weights there is a product for each width. */
    @ParameterizedTest
    @MethodSource("layers")
    void productsOfOneOperandAndTheirGradientsAreJoinedAndGiveTheSame(int[] widths, int products) {
        Graph graph = trained(gated(widths).add(x.sin().sum(1).mean(0, 1)).reshape());

        assertThat(products(JoinedProducts.apply(MixedPrecision.apply(graph)))).hasSize(products);
        assertSame(graph);
    }

    @Test
    void whatDoesNotMeetStaysApart() {
        Tensor first = x.matmul(weight("first", 16)).exp().sum(1);
        Tensor second = x.matmul(weight("second", 16)).exp().sum(1);

        assertThat(products(joined(first.mul(second)))).hasSize(2);
    }

    @Test
    void whatAKernelReadsStaysApart() {
        Tensor first = x.matmul(weight("first", 16));
        Tensor second = x.matmul(weight("second", 16));

        assertThat(products(joined(first.mul(second)))).hasSize(1);
        assertThat(products(joined(first.mul(second).add(first.matmul(weight("third", 16, 16))))))
                .hasSize(3);
    }

    @Test
    void aWeightThatIsReadElsewhereTooLiesThereOnce() {
        Tensor first = weight("first", 16);
        Tensor second = weight("second", 16);
        Tensor y = x.matmul(first).sigmoid().mul(x.matmul(second));
        Tensor other = x.sin().matmul(second);
        Graph graph = graph(y.add(other));
        List<Node> found = products(JoinedProducts.apply(MixedPrecision.apply(graph)));

        assertThat(found).hasSize(2);
        assertThat(found).allMatch(product -> unmoved(product.input(1)).op() == Op.CONCAT);
        assertSame(graph);
    }

    @Test
    void aConformerBlockHasOneProductForEach() {
        ModelConfig model = ModelConfig.preset("xs", Map.of("layers", "1"));
        BestRq objective = new BestRq(model, BestRqConfig.DEFAULTS);
        Bucket bucket = new Bucket(2, 400);
        Program program = Program.training("pretrain", t -> objective.trace(t, bucket), new AdamW(0.01, 1));
        Lowered lowered = Compile.lowered(
                "pretrain",
                Joint.graph(program, new Trace()),
                Target.CUDA,
                Compile.Options.DEFAULTS.with(Precision.BF16),
                Dumps.NONE);
        Graph graph = lowered.graph();
        int frames = 2 * 100;
        int d = model.dModel();

        assertThat(shapes(graph))
                .as("value and gate, the gradient of their input, those of their weights")
                .containsOnlyOnce(shapes(frames, d, 2 * d), shapes(frames, 2 * d, d), shapes(d, frames, 2 * d));
        assertThat(shapes(graph))
                .as("query, key and value, the gradient of their input, those of their weights")
                .containsOnlyOnce(shapes(frames, d, 3 * d), shapes(frames, 3 * d, d), shapes(d, frames, 3 * d));
        for (String kernel : List.of("gl_chunk_attention", "gl_attention_weights")) {
            assertThat(keysAndValues(lowered, kernel))
                    .as("where " + kernel + " finds keys and values")
                    .allMatch(part -> part.node().op() == Op.MATMUL)
                    .extracting(Argument.Buffer::offset)
                    .containsExactly((long) d, 2L * d);
        }
    }

    @Test
    void productsWithAndWithoutABiasAreOne() {
        Tensor table = trace.parameter("table", new Init.Normal(1), 3, WIDTH);
        Tensor keys = x.constant(0).less(x.constant(1)).expand(Shape.of(ROWS));
        Tensor y = Layers.attention(
                2,
                new AttentionSpan(ROWS / 2, 1, 1),
                x.matmul(weight("q", WIDTH)).mul(0.2),
                x.matmul(weight("r", WIDTH)).sin(),
                x.matmul(weight("k", WIDTH)),
                x.matmul(weight("v", WIDTH)).add(trace.parameter("bias", new Init.Normal(1), WIDTH)),
                table,
                keys);
        Graph graph = graph(y);

        assertThat(products(JoinedProducts.apply(BiasesInProducts.apply(MixedPrecision.apply(graph)))))
                .hasSize(1);
        assertSame(graph, graph);
    }

    private static List<Argument.Buffer> keysAndValues(Lowered lowered, String function) {
        Kernel found = lowered.kernels().stream()
                .filter(kernel -> kernel.function().equals(function))
                .findFirst()
                .orElseThrow();
        return found.arguments().subList(3, 5).stream()
                .map(Argument.Buffer.class::cast)
                .toList();
    }

    private static List<Shape> shapes(int rows, int inner, int columns) {
        return List.of(Shape.of(rows, inner), Shape.of(inner, columns));
    }

    private static List<List<Shape>> shapes(Graph graph) {
        return products(graph).stream()
                .map(product ->
                        List.of(product.input(0).shape(), product.input(1).shape()))
                .toList();
    }

    /** Of the first width the product of all sigmoids, of others the sum along rows; their mean. */
    private Tensor gated(int... widths) {
        Tensor all = null;
        Tensor others = x.constant(0).expand(Shape.of(ROWS, 1));
        for (int i = 0; i < widths.length; i++) {
            Tensor y = x.matmul(weight("w" + i, widths[i])).sigmoid();
            if (widths[i] == widths[0]) {
                all = all == null ? y : all.mul(y);
            } else {
                others = others.add(y.sum(1));
            }
        }
        return all.add(others).mean(0, 1);
    }

    private Tensor weight(String name, int columns) {
        return weight(name, WIDTH, columns);
    }

    private Tensor weight(String name, int rows, int columns) {
        return trace.parameter(name, new Init.Normal(0.3), rows, columns);
    }

    /** With the gradients of all parameters as outputs. */
    private Graph trained(Tensor loss) {
        Map<String, Node> outputs = new LinkedHashMap<>(Map.of("loss", loss.node()));
        Map<String, Node> gradients = new LinkedHashMap<>();
        Gradients.of(loss, Gradients.parameters(loss)).forEach((name, gradient) -> {
            gradients.put(name, gradient.node());
            outputs.put("next of " + name, gradient.mul(0.5).node());
        });
        return new Graph(trace.builder(), outputs, Map.of(), gradients);
    }

    private Graph graph(Tensor y) {
        return Graph.of(trace.builder(), Map.of("y", y.node()));
    }

    private Graph joined(Tensor y) {
        return JoinedProducts.apply(MixedPrecision.apply(graph(y)));
    }

    private static List<Node> products(Graph graph) {
        return graph.nodes().stream().filter(node -> node.op() == Op.MATMUL).toList();
    }

    private static Node unmoved(Node node) {
        return node.op() == Op.SLICE ? node.input(0) : node;
    }

    /** On a GPU as the processor runs it, against double precision. */
    private static void assertSame(Graph graph) {
        assertSame(graph, MixedPrecision.apply(graph));
    }

    private static void assertSame(Graph graph, Graph exact) {
        Map<String, HostTensor> wanted;
        try (Device reference = new ReferenceDevice()) {
            wanted = Runs.once(reference, exact, 1);
        }
        try (Device gpu = DeviceRequest.of("emit-only")
                .with(Compile.Options.DEFAULTS.with(Precision.BF16))
                .open()) {
            Map<String, HostTensor> found = Runs.once(gpu, graph, 1);
            wanted.forEach((name, value) ->
                    assertThat(Runs.difference(value, found.get(name))).as(name).isLessThan(0.02));
        }
    }
}
