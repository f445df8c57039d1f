package io.glossa.trainer.emit.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Target;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import io.glossa.trainer.workbench.Runs;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kernels that go through the rows of a sum, each with a mean of its own. */
class NextRowTest {
    private static final String NEXT = "gl_ask(";
    private static final String REDUCTION = "gl_reduce<";

    /** Rows of a warp and of a block, of one pass and several, that vectors fill and do not; as many as threads, fewer and more. */
    @ParameterizedTest
    @CsvSource({"2, 48, 64", "3, 37, 72", "1, 5, 264", "4, 2, 520", "2, 9, 4104", "1, 3, 8192"})
    void rowsThatWereAskedForBeforeAreThoseOfTheReference(int sums, int rows, int columns) {
        Graph graph = graph(sums, rows, columns);
        assertThat(kernel(graph).source()).contains(NEXT);
        assertSame(graph);
    }

    /** On a GPU as the processor runs it, against double precision. */
    private static void assertSame(Graph graph) {
        Map<String, HostTensor> wanted;
        try (Device reference = new ReferenceDevice()) {
            wanted = Runs.once(reference, graph, 1);
        }
        try (Device gpu = DeviceRequest.of("emit-only").open()) {
            Map<String, HostTensor> found = Runs.once(gpu, graph, 1);
            wanted.forEach((name, value) ->
                    assertThat(Runs.difference(value, found.get(name))).as(name).isLessThan(1e-5));
        }
    }

    @Test
    void theNextRowIsAskedForBeforeThisOneIsReduced() {
        String source = kernel(graph(8, 40, 1024)).source();
        assertThat(source.indexOf(NEXT)).isBetween(0, source.indexOf(REDUCTION));
    }

    @Test
    void theCompilerLeavesItThere(@TempDir Path folder) {
        Kernel kernel = kernel(graph(8, 40, 1024));
        String text = kernel.source().replace(Kernel.UNNAMED, "rows_on")
                + "GL_KERNEL(rows, " + kernel.arguments().size() + ", "
                + kernel.launches().get(0).threads() + ") { GL_ARGUMENTS rows_on(a, blockIdx.x); }\n";
        String ptx = CudaUnit.ptx(folder, text);
        assertThat(ptx.indexOf("prefetch.global.L2")).isBetween(0, ptx.indexOf("shfl.sync"));
    }

    /** A prime number of rows: all parts of the sum but the last are as long, and the loop that has the rows adds them up. */
    @ParameterizedTest
    @CsvSource({"509, 72", "1021, 64", "131, 4104"})
    void theLastPartOfASumMayBeShorter(int rows, int columns) {
        Graph graph = graph(1, rows, columns);
        assertThat(kernel(graph).launches().get(0).x()).isGreaterThan(1);
        assertSame(graph);
    }

    /** What is left of rows without their mean, and its sums over so many rows each. */
    private static Graph graph(int sums, int rows, int columns) {
        Trace trace = new Trace();
        Tensor x = trace.parameter("x", new Init.Normal(1), sums * rows, 8)
                .matmul(trace.parameter("v", new Init.Normal(1), 8, columns));
        Tensor rest = x.sub(x.sum(1).mul(1.0 / columns));
        trace.output("sums", rest.mul(rest).reshape(sums, rows, columns).sum(1));
        trace.output("rest", rest.sin());
        return Graph.of(trace.builder(), trace.outputs());
    }

    private static Kernel kernel(Graph graph) {
        return Compile.lowered("rows", graph, Target.CUDA, Compile.Options.DEFAULTS, Dumps.NONE).kernels().stream()
                .filter(kernel -> kernel.source().contains("gl_reduce_lines")
                        && kernel.source().contains(REDUCTION))
                .findFirst()
                .orElseThrow();
    }
}
