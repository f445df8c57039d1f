package io.glossa.trainer.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import io.glossa.error.GlossaException;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.Communicator;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Devices;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.host.BuildSetup;
import io.glossa.trainer.runtime.host.NativeArray;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CpuDeviceTest {
    private static final HostTensor X = new Init.Normal(1).values("x", io.glossa.trainer.ir.Shape.of(64, 33), 3);

    /** Least squares with momentum: the update reads parameters and state and takes over their memory. */
    private static final Program MOMENTUM = Program.training(
            "momentum",
            trace -> {
                Tensor x = trace.batch("x", DType.F32, 64, 33);
                Tensor w = trace.parameter("w", new Init.Normal(0.3), 33, 5);
                Tensor b = trace.parameter("b", Init.ZEROS, 5);
                Tensor error = x.matmul(w).add(b).sub(x.slice(1, 0, 5));
                trace.loss(error.mul(error).total().mul(1.0 / 64));
            },
            (trace, parameters, gradients, share) -> parameters.forEach((name, parameter) -> {
                Tensor momentum = trace.state(
                        "momentum." + name, Init.ZEROS, parameter.shape().dims());
                Tensor next = momentum.mul(0.9).add(gradients.get(name));
                trace.update("momentum." + name, next);
                trace.update(name, parameter.sub(next.mul(0.05)));
            }));

    @Test
    void trainingInPlaceFollowsTheReference() {
        Trace trace = new Trace();
        Graph graph = Joint.graph(MOMENTUM, trace);
        try (CpuDevice cpu = open(2)) {
            Map<String, HostTensor> expected = train(new ReferenceDevice(), trace, graph, 20);
            Map<String, HostTensor> found = train(cpu, trace, graph, 20);

            expected.forEach((name, value) -> assertThat(found.get(name).floats())
                    .as(name)
                    .usingComparatorWithPrecision(1e-4f)
                    .containsExactly(value.floats()));
        }
    }

    @Test
    void theSameStepsGiveTheSameBitsOnOneThreadAndOnTwo() {
        Trace trace = new Trace();
        Tensor x = trace.batch("x", DType.F32, 64, 33);
        Tensor noise = Tensor.uniform(trace.seed(), trace.step(), 9, 64, 33);
        Tensor wide = x.add(noise)
                .reshape(64, 33, 1)
                .expand(io.glossa.trainer.ir.Shape.of(64, 33, 300))
                .exp();
        trace.output("rows", wide.sum(2));
        trace.output("columns", wide.sum(0));
        trace.output("all", wide.total());
        Graph graph = Joint.graph(Program.inference("sums", t -> {}), trace);
        Map<String, HostTensor> batch = Map.of("x", X, "seed", HostTensor.scalar(1), "step", HostTensor.scalar(2));
        try (CpuDevice one = open(1);
                CpuDevice two = open(2)) {
            Map<String, HostTensor> expected = run(one, graph, batch);
            Map<String, HostTensor> found = run(two, graph, batch);

            expected.forEach((name, value) ->
                    assertThat(found.get(name).floats()).as(name).containsExactly(value.floats()));
        }
    }

    @Test
    void anOutputHasTheValueFromBeforeTheUpdate() {
        Trace trace = new Trace();
        Tensor x = trace.state("x", Init.ONES, 3, 5);
        trace.output("x", x);
        trace.output("row", x.slice(0, 1, 2));
        trace.update("x", x.full(7, 3, 5));
        Graph graph = Joint.graph(Program.inference("before", t -> {}), trace);
        try (CpuDevice cpu = open(1);
                State state = cpu.allocate(trace.initial(1));
                Executable program = cpu.load("before", graph)) {
            Map<String, HostTensor> outputs = program.run(state, Map.of());

            assertThat(outputs.get("x").floats()).containsOnly(1);
            assertThat(outputs.get("row").floats()).containsOnly(1);
            assertThat(state.get("x").floats()).containsOnly(7);
        }
    }

    @Test
    void nativeMemoryIsGivenBack() {
        long before = NativeArray.live();
        Trace trace = new Trace();
        Graph graph = Joint.graph(MOMENTUM, trace);
        try (CpuDevice cpu = open(1)) {
            train(cpu, trace, graph, 1);
        }
        assertThat(NativeArray.live()).isEqualTo(before);
    }

    /** The arena's size is known before anything runs. */
    @Test
    void aRunTouchesTheWholeArenaAndNothingBeyond() {
        byte untouched = 0x5a;
        Trace trace = new Trace();
        Graph graph = Joint.graph(MOMENTUM, trace);
        try (CpuDevice cpu = open(2);
                CpuState state = (CpuState) cpu.allocate(trace.initial(1));
                Executable program = cpu.load("momentum", graph)) {
            int planned = Math.toIntExact(program.arenaBytes());
            Pointer arena = state.arena(planned + 4096);
            arena.setMemory(0, planned + 4096, untouched);

            program.run(state, Map.of("x", X));

            byte[] after = arena.getByteArray(0, planned + 4096);
            int touched = after.length;
            while (touched > 0 && after[touched - 1] == untouched) {
                touched--;
            }
            assertThat((touched + 63) / 64 * 64).isEqualTo(planned);
        }
    }

    @Test
    void aMissingOrMisshapenBatchInputIsNamed() {
        Trace trace = new Trace();
        Graph graph = Joint.graph(MOMENTUM, trace);
        try (CpuDevice cpu = open(1);
                State state = cpu.allocate(trace.initial(1));
                Executable program = cpu.load("momentum", graph)) {
            assertThatThrownBy(() -> program.run(state, Map.of()))
                    .isInstanceOf(GlossaException.class)
                    .hasMessageContaining("'x' is missing, expected f32[64,33]");
            assertThatThrownBy(() -> program.run(state, Map.of("x", HostTensor.of(new float[3], 3))))
                    .isInstanceOf(GlossaException.class)
                    .hasMessageContaining("'x' is f32[3], expected f32[64,33]");
        }
    }

    @Test
    void ranksAreToldApartByOneDnnProcessorAndCompiler() {
        String own = identity(BuildSetup.ofEnvironment());
        assertThat(own).matches("dnnl-\\S+ on processor [0-9a-f]{8}, kernels by .+");
        assertThat(identity(BuildSetup.ofEnvironment().withProcessor("another")))
                .isNotEqualTo(own);
    }

    private static String identity(BuildSetup setup) {
        Path cache = CpuDevice.defaultCache();
        try (CpuDevice cpu = CpuDevice.open(1, cache, Compile.Options.DEFAULTS, Dumps.NONE, setup, Communicator.NONE)) {
            return cpu.identity();
        }
    }

    /** 0 / 0 after a product, in f32 and in bf16: the kernel that divides is the first. */
    @ParameterizedTest
    @EnumSource(names = {"FP32", "BF16"})
    void theFirstKernelWhoseResultIsNotFiniteIsNamed(Precision precision) {
        Devices.requireProducts(precision);
        Trace trace = new Trace();
        Tensor x = trace.batch("x", DType.F32, 64, 33);
        Tensor count = trace.state("count", Init.ZEROS, 64, 1);
        Tensor ratio = x.matmul(x.transpose()).sin().mul(count).div(count);
        trace.output("loss", ratio.matmul(x).exp().total());
        trace.update("count", count.add(1));
        Graph graph = Joint.graph(Program.inference("ratio", t -> {}), trace);
        Map<String, HostTensor> batch = Map.of("x", X);
        HostTensor broken = HostTensor.zeros(X.type());
        broken.floats()[70] = Float.NEGATIVE_INFINITY;
        Compile.Options options = Compile.Options.DEFAULTS.with(precision);
        try (CpuDevice cpu = CpuDevice.open(
                        1,
                        CpuDevice.defaultCache(),
                        options,
                        Dumps.NONE,
                        BuildSetup.ofEnvironment(),
                        Communicator.NONE);
                State state = cpu.allocate(trace.initial(1));
                Executable program = cpu.load("ratio", graph)) {
            Optional<String> first = program.firstNotFinite(state, batch);

            String half = precision == Precision.BF16 ? "bf16" : "f32";
            assertThat(first)
                    .get()
                    .asString()
                    .matches("kernel '(cast_)?sin_.*div 64×64', number [23] of \\d, in its result " + half
                            + "\\[64,64]");
            assertThat(state.get("count").floats()).containsOnly(0);
            assertThat(program.firstNotFinite(state, Map.of("x", broken))).contains("input 'x' f32[64,33]");
            assertThat(program.run(state, batch).get("loss").at(0)).isNaN();
            assertThat(state.get("count").floats()).containsOnly(1);
            assertThat(program.firstNotFinite(state, batch)).isEmpty();
            assertThat(program.run(state, batch).get("loss").at(0)).isFinite();
        }
    }

    @Test
    void everyPassIsDumped(@TempDir Path folder) {
        Trace trace = new Trace();
        Graph graph = Joint.graph(MOMENTUM, trace);
        try (CpuDevice cpu = CpuDevice.open(1, CpuDevice.defaultCache(), new Dumps(Optional.of(folder)));
                Executable program = cpu.load("momentum", graph)) {
            assertThat(program.arenaBytes()).isPositive();
        }
        assertThat(folder.resolve("momentum"))
                .isDirectoryContaining(path -> path.endsWith("joint.graph"))
                .isDirectoryContaining(path -> path.endsWith("decompose.graph"))
                .isDirectoryContaining(path -> path.endsWith("canonical.graph"))
                .isDirectoryContaining(path -> path.endsWith("partition.graph"))
                .isDirectoryContaining(path -> path.endsWith("fuse.txt"));
        assertThat(folder.resolve("momentum/kernels.cpp")).content().contains("#pragma omp");
        assertThat(Files.exists(folder.resolve("momentum/joint.graph"))).isTrue();
    }

    private static CpuDevice open(int threads) {
        return CpuDevice.open(threads, CpuDevice.defaultCache(), Dumps.NONE);
    }

    private static Map<String, HostTensor> train(Device device, Trace trace, Graph graph, int steps) {
        try (State state = device.allocate(trace.initial(1));
                Executable program = device.load("momentum", graph)) {
            for (int i = 0; i < steps; i++) {
                program.run(state, Map.of("x", X));
            }
            return Map.of("w", state.get("w"), "b", state.get("b"), "momentum.w", state.get("momentum.w"));
        }
    }

    private static Map<String, HostTensor> run(Device device, Graph graph, Map<String, HostTensor> batch) {
        try (State state = device.allocate(Map.of());
                Executable program = device.load("sums", graph)) {
            return program.run(state, batch);
        }
    }
}
