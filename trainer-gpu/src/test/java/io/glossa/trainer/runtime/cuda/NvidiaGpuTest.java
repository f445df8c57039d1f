package io.glossa.trainer.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.Communicator;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.Staged;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of the driver and the libraries, and what becomes of their refusals. */
class NvidiaGpuTest {
    private static final Map<String, HostTensor> BATCH = Map.of("by", HostTensor.scalar(2f));

    @TempDir
    Path folder;

    private final FakeCuda cuda = new FakeCuda("/lib/fake.so.13");

    @BeforeEach
    void installLibraries() throws IOException {
        for (String name : List.of("libnvrtc.so.13", "libcublasLt.so.13")) {
            Files.writeString(folder.resolve(name), "");
        }
    }

    @Test
    void aProgramIsRecordedOnceAndReplayed() {
        Trace trace = new Trace();
        try (CudaDevice device = open("0");
                Executable program = Compile.program(counter(), trace, device);
                State state = device.allocate(trace.initial(0))) {
            program.run(state, BATCH);
            assertThat(since(0, "cuStreamBeginCapture_v2", "cuStreamEndCapture", "cuGraphInstantiateWithFlags"))
                    .hasSize(3);
            assertThat(cuda.calls).anyMatch(call -> call.startsWith("cuLaunchKernel"));
            int before = cuda.calls.size();
            program.run(state, BATCH);
            assertThat(since(before, "cuLaunchKernel", "cuModule", "cuStreamBegin", "cublas", "cuMemAlloc"))
                    .isEmpty();
            assertThat(since(before, "cuGraphLaunch")).hasSize(1);
        }
    }

    @Test
    void batchesArriveBesideTheWorkThatWaitsForThem() {
        Trace trace = new Trace();
        try (CudaDevice device = open("0");
                Executable program = Compile.program(counter(), trace, device);
                State state = device.allocate(trace.initial(0))) {
            program.run(state, BATCH);
            int before = cuda.calls.size();
            Staged staged = program.stage(BATCH);
            String stream = since(before, "cuMemcpyHtoDAsync_v2").get(0).split(" ")[1];
            assertThat(since(before, "cu"))
                    .containsExactly(
                            "cuCtxSetCurrent",
                            "cuMemcpyHtoDAsync_v2 " + stream,
                            "cuEventCreate",
                            "cuEventRecord " + stream);
            int running = cuda.calls.size();
            program.run(state, staged);
            staged.close();
            List<String> run = since(running, "cuStreamWaitEvent", "cuMemcpy", "cuGraphLaunch", "cuStreamSynchronize");
            String work = run.get(0).split(" ")[1];
            assertThat(work).isNotEqualTo(stream);
            assertThat(run)
                    .containsExactly(
                            "cuStreamWaitEvent " + work,
                            "cuMemcpyDtoDAsync_v2 " + work,
                            "cuGraphLaunch " + work,
                            "cuMemcpyDtoHAsync_v2 " + work,
                            "cuStreamSynchronize " + work);
        }
    }

    @Test
    void everyBlockOfMemoryIsGivenBack() {
        Trace trace = new Trace();
        try (CudaDevice device = open("0");
                Executable program = Compile.program(counter(), trace, device);
                State state = device.allocate(trace.initial(0))) {
            program.run(state, BATCH);
        }
        assertThat(since(0, "cuMemFree_v2")).hasSameSizeAs(since(0, "cuMemAlloc_v2"));
        assertThat(since(0, "cuMemFreeHost")).hasSameSizeAs(since(0, "cuMemHostAlloc"));
        assertThat(since(0, "cuEventDestroy_v2")).hasSameSizeAs(since(0, "cuEventCreate"));
    }

    @Test
    void theFastestOfTheCandidatesIsKeptOnDisk() throws IOException {
        Program product = Program.inference("product", t -> {
            Tensor x = t.parameter("x", new Init.Normal(1), 4, 4);
            t.output("y", x.matmul(x));
        });
        for (int process = 0; process < 2; process++) {
            int before = cuda.calls.size();
            Trace trace = new Trace();
            try (CudaDevice device = open("0");
                    Executable program = Compile.program(product, trace, device);
                    State state = device.allocate(trace.initial(0))) {
                program.run(state, Map.of());
            }
            assertThat(since(before, "cublasLtMatmulAlgoGetHeuristic")).hasSize(process == 0 ? 1 : 0);
        }
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("product-")))
                    .hasSize(1);
        }
    }

    @Test
    void sumsOverRanksGoThroughNcclOnTheStreamOfWork() {
        Program sum = Program.inference(
                "sum",
                t -> t.output("y", t.parameter("x", new Init.Normal(1), 4, 4).allReduce()));
        Communicator ranks = new Communicator(new Rank(1, 2), Nccl.id(cuda));
        Trace trace = new Trace();
        try (CudaDevice device = open("0", ranks);
                Executable program = Compile.program(sum, trace, device);
                State state = device.allocate(trace.initial(0))) {
            program.run(state, Map.of());

            assertThat(device.rank()).isEqualTo(new Rank(1, 2));
            assertThat(since(0, "ncclCommInitRank 1 of 2")).hasSize(1);
            assertThat(since(0, "ncclAllReduce", "cuStreamBeginCapture_v2", "cuStreamEndCapture"))
                    .extracting(call -> call.split(" ")[0])
                    .containsExactly("cuStreamBeginCapture_v2", "ncclAllReduce", "cuStreamEndCapture");
            String stream = since(0, "cuStreamBeginCapture_v2").get(0).split(" ")[1];
            assertThat(since(0, "ncclAllReduce")).containsExactly("ncclAllReduce " + stream);
        }
        assertThat(since(0, "ncclCommDestroy")).hasSize(1);
    }

    @Test
    void aRankThatIsGoneIsNamed() {
        cuda.refused.put("ncclCommInitRank", 6);
        assertResource(
                () -> open("0", new Communicator(new Rank(0, 2), Nccl.id(cuda))),
                "Cannot add up over GPUs: ncclCommInitRank",
                "another rank is gone");
    }

    @Test
    void noGpuIsAnErrorOfItsOwn() {
        cuda.refused.put("cuInit", 100);
        assertResource(() -> open("0"), "Cannot use a GPU: the driver found none");
    }

    @Test
    void aGpuWithoutBf16IsRefused() {
        cuda.withCapability(75);
        assertResource(() -> open("0"), "Cannot use GPU 0: found architecture sm_75, expected sm_80 or newer");
    }

    @Test
    void aGpuThatIsNewerThanTheCompilerGetsPtx() {
        cuda.withCapability(120);
        Trace trace = new Trace();
        try (CudaDevice device = open("0");
                Executable program = Compile.program(counter(), trace, device);
                State state = device.allocate(trace.initial(0))) {
            program.run(state, BATCH);
            assertThat(cuda.calls).contains("nvrtcGetPTX").doesNotContain("nvrtcGetCUBIN");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "-1", "GPU-7"})
    void anAddressThatIsNoGpuIsNamed(String address) {
        assertThatThrownBy(() -> open(address))
                .isInstanceOfSatisfying(
                        GlossaException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.USER))
                .hasMessageStartingWith(
                        "Cannot use GPU '" + address + "': found 2 GPUs, expected a number from 0 to 1");
    }

    @Test
    void aGpuWithoutFp8IsRefusedWhereItIsWanted() {
        cuda.withCapability(86);
        assertResource(
                () -> NvidiaGpu.open("0", folder, Precision.FP8, Communicator.NONE, cuda.libraries(folder)),
                "Cannot use GPU 0: found architecture sm_86, expected sm_89 or newer, which multiply in fp8");
    }

    @Test
    void aDriverThatIsOlderThanTheLibrariesIsRefused() {
        cuda.withDriver(12040);
        Libraries libraries = new Libraries(List.of(folder), name -> {
            if (name.endsWith(".so.12")) {
                throw new UnsatisfiedLinkError();
            }
            return cuda;
        });
        assertResource(
                () -> NvidiaGpu.open("0", folder, Precision.BF16, Communicator.NONE, libraries),
                "Cannot use the GPU: the driver is for CUDA 12.4 and older than " + folder.resolve("libnvrtc.so.13")
                        + ", expected a driver for CUDA 13 or libnvrtc.so.12 (update the driver, or pip install"
                        + " nvidia-cuda-nvrtc-cu12)");
    }

    @Test
    void codeThatIsTooNewForTheDriverIsRefused() {
        cuda.refused.put("cuModuleLoadData", 222);
        try (CudaDevice device = open("0")) {
            assertResource(
                    () -> Compile.program(counter(), new Trace(), device),
                    "Cannot load kernels from " + folder,
                    "error 222, expected a driver that is not older than CUDA's libraries");
        }
    }

    @Test
    void aKernelThatDoesNotCompileIsKept() throws IOException {
        cuda.refused.put("nvrtcCompileProgram", 6);
        try (CudaDevice device = open("0")) {
            assertResource(
                    () -> Compile.program(counter(), new Trace(), device),
                    "Cannot compile kernels for sm_90: NVRTC",
                    "the source is kept in " + folder);
        }
        try (var files = Files.list(folder)) {
            Path kept = files.filter(file -> file.toString().endsWith(".failed.cu"))
                    .findFirst()
                    .orElseThrow();
            assertThat(Files.readString(kept)).contains("GL_KERNEL(");
        }
    }

    @Test
    void aGpuThatIsLostInAStepIsNamed() {
        Trace trace = new Trace();
        try (CudaDevice device = open("0");
                Executable program = Compile.program(counter(), trace, device);
                State state = device.allocate(trace.initial(0))) {
            program.run(state, BATCH);
            cuda.refused.put("cuStreamSynchronize", 719);
            assertResource(
                    () -> program.run(state, BATCH),
                    "Cannot run on the GPU: the driver said error 719",
                    "checkpoints that were written are whole");
        }
    }

    @Test
    void memoryThatIsNotThereIsCounted() {
        try (CudaDevice device = open("0")) {
            cuda.refused.put("cuMemAlloc_v2", 2);
            assertResource(
                    () -> device.allocate(Map.of("x", () -> HostTensor.of(new float[5 << 18], 5 << 18))),
                    "Cannot take 5 MB (5242880 bytes) of the GPU's memory: found 3 MB free of 8 MB");
        }
    }

    private CudaDevice open(String address) {
        return open(address, Communicator.NONE);
    }

    private CudaDevice open(String address, Communicator ranks) {
        return new CudaDevice(
                "cuda",
                NvidiaGpu.open(address, folder, Precision.BF16, ranks, cuda.libraries(folder)),
                ranks.rank(),
                folder,
                Compile.Options.DEFAULTS,
                Dumps.NONE,
                Optional.empty());
    }

    private List<String> since(int first, String... functions) {
        return cuda.calls.subList(first, cuda.calls.size()).stream()
                .filter(call -> List.of(functions).stream().anyMatch(call::startsWith))
                .toList();
    }

    private static Program counter() {
        return Program.inference("counter", trace -> {
            Tensor n = trace.state("n", Init.ONES, 3);
            trace.update("n", n.add(trace.batch("by", DType.F32)));
            trace.output("twice", n.mul(2));
        });
    }

    private static void assertResource(ThrowingCallable call, String start, String... parts) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        GlossaException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.RESOURCE))
                .hasMessageStartingWith(start)
                .hasMessageContainingAll(parts.length == 0 ? new String[] {start} : parts);
    }
}
