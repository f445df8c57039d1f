package io.glossa.trainer.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.data.Rank;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.Communicator;
import io.glossa.trainer.runtime.Staged;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of the driver and the libraries. */
class NvidiaGpuTest {
    private static final Map<String, HostTensor> BATCH = Map.of("by", HostTensor.scalar(2f));

    private static final Program PRODUCT = Program.inference("product", t -> {
        Tensor x = t.parameter("x", new Init.Normal(1), 4, 4);
        t.output("y", x.matmul(x));
    });

    @TempDir
    Path folder;

    private final FakeCuda cuda = new FakeCuda("/lib/fake.so.13");

    @Test
    void aProgramIsRecordedOnceAndReplayed() {
        try (FakeCuda.Loaded loaded = cuda.load(folder, FakeCuda.counter())) {
            loaded.program().run(loaded.state(), BATCH);
            assertThat(since(0, "cuStreamBeginCapture_v2", "cuStreamEndCapture", "cuGraphInstantiateWithFlags"))
                    .hasSize(3);
            assertThat(cuda.calls).anyMatch(call -> call.startsWith("cuLaunchKernel"));
            int before = cuda.calls.size();
            loaded.program().run(loaded.state(), BATCH);
            assertThat(since(before, "cuLaunchKernel", "cuModule", "cuStreamBegin", "cublas", "cuMemAlloc"))
                    .isEmpty();
            assertThat(since(before, "cuGraphLaunch")).hasSize(1);
        }
    }

    @Test
    void ranksAreToldApartByTheCardAndCudasLibraries() {
        assertThat(identity(cuda)).isEqualTo("a fake GPU, NVRTC 0.0, cuBLASLt [0, 0, 0]");
        assertThat(identity(cuda.with("nvrtcVersion", 13))).isEqualTo("a fake GPU, NVRTC 13.13, cuBLASLt [0, 0, 0]");
        assertThat(identity(cuda.with("cublasLtGetProperty", 13))).endsWith("cuBLASLt [13, 13, 13]");
    }

    private String identity(FakeCuda machine) {
        try (CudaDevice device = machine.device(folder, "0", Communicator.NONE)) {
            return device.identity();
        }
    }

    @Test
    void batchesArriveBesideTheWorkThatWaitsForThem() {
        try (FakeCuda.Loaded loaded = cuda.load(folder, FakeCuda.counter())) {
            loaded.program().run(loaded.state(), BATCH);
            int before = cuda.calls.size();
            Staged staged = loaded.program().stage(BATCH);
            String stream = since(before, "cuMemcpyHtoDAsync_v2").get(0).split(" ")[1];
            assertThat(since(before, "cu"))
                    .containsExactly(
                            "cuCtxSetCurrent",
                            "cuMemcpyHtoDAsync_v2 " + stream,
                            "cuEventCreate",
                            "cuEventRecord " + stream);
            int running = cuda.calls.size();
            loaded.program().run(loaded.state(), staged);
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
        try (FakeCuda.Loaded loaded = cuda.load(folder, FakeCuda.counter())) {
            loaded.program().run(loaded.state(), BATCH);
        }
        assertThat(since(0, "cuMemFree_v2")).hasSameSizeAs(since(0, "cuMemAlloc_v2"));
        assertThat(since(0, "cuMemFreeHost")).hasSameSizeAs(since(0, "cuMemHostAlloc"));
        assertThat(since(0, "cuEventDestroy_v2")).hasSameSizeAs(since(0, "cuEventCreate"));
    }

    @Test
    void theFastestOfTheCandidatesIsKeptOnDisk() throws IOException {
        for (int process = 0; process < 2; process++) {
            int before = cuda.calls.size();
            try (FakeCuda.Loaded loaded = cuda.load(folder, PRODUCT)) {
                loaded.program().run(loaded.state(), Map.of());
            }
            assertThat(since(before, "cublasLtMatmulAlgoGetHeuristic")).hasSize(process == 0 ? 1 : 0);
            assertThat(since(before, "cublasLtMatmulPreferenceSetAttribute 3")).hasSize(process == 0 ? 1 : 0);
        }
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> file.getFileName().toString().matches("product-.*[.]bin")))
                    .hasSize(1);
        }
    }

    @Test
    void anAlgorithmThatFailsIsLookedForAgain() {
        for (int process = 0; process < 2; process++) {
            int before = cuda.calls.size();
            try (FakeCuda.Loaded loaded = cuda.load(folder, PRODUCT)) {
                if (process == 1) {
                    cuda.refusedOnce.put("cublasLtMatmul", 15);
                }
                loaded.program().run(loaded.state(), Map.of());
            }
            assertThat(since(before, "cublasLtMatmulAlgoGetHeuristic")).hasSize(1);
        }
    }

    @Test
    void kernelsAreTimedInsideARecordingThatIsMadeOnce() {
        try (FakeCuda.Loaded loaded = cuda.load(folder, FakeCuda.counter())) {
            loaded.program().run(loaded.state(), BATCH);
            int kernels = loaded.program().times().size();
            int first = cuda.calls.size();
            loaded.program().run(loaded.state(), BATCH);
            List<String> run = since(
                    first, "cuStreamBeginCapture", "cuEventRecordWithFlags", "cuStreamEndCapture", "cuGraphLaunch");
            assertThat(run).hasSize(kernels + 4);
            assertThat(run.subList(1, kernels + 2)).allMatch(call -> call.startsWith("cuEventRecordWithFlags"));
            assertThat(since(first, "cuEventElapsedTime")).hasSize(kernels);
            int second = cuda.calls.size();
            loaded.program().run(loaded.state(), BATCH);
            assertThat(since(second, "cuEventRecordWithFlags", "cuStreamBeginCapture", "cuGraphInstantiate"))
                    .isEmpty();
            assertThat(since(second, "cuEventElapsedTime")).hasSize(kernels);
            assertThat(loaded.program().times()).allMatch(kernel -> kernel.seconds() == 2e-3);
        }
        assertThat(since(0, "cuEventDestroy_v2")).hasSameSizeAs(since(0, "cuEventCreate"));
        assertThat(since(0, "cuGraphExecDestroy")).hasSameSizeAs(since(0, "cuGraphInstantiateWithFlags"));
    }

    @Test
    void aStateIsOneBlockOfMemory() {
        try (CudaDevice device = cuda.device(folder, "0", Communicator.NONE)) {
            int before = cuda.calls.size();
            State state = device.allocate(
                    Map.of("a", LazyTensor.of(HostTensor.scalar(1)), "b", LazyTensor.of(HostTensor.scalar(2))));
            assertThat(since(before, "cuMemAlloc_v2")).hasSize(1);
            state.close();
            assertThat(since(before, "cuMemFree_v2")).hasSize(1);
        }
    }

    @Test
    void sharedMemoryOfAKernelIsNeverLessThanBefore() {
        NvidiaWork work = new NvidiaWork(new Driver(cuda), null, Optional.empty(), 1);
        for (int kilobytes : new int[] {0, 40, 46, 60, 50, 80}) {
            work.launch(
                    new NvidiaWork.Loaded(2),
                    new GpuKernel.Launch("kernel", 1, 1, 1, 32, kilobytes << 10),
                    new long[] {3});
        }
        assertThat(since(0, "cuFuncSetAttribute"))
                .extracting(call -> Integer.parseInt(call.split(" ")[1]) >> 10)
                .containsExactly(46, 60, 80);
    }

    @Test
    void sumsOverRanksGoThroughNcclBesideTheStreamOfWorkWhichWaitsForThem() {
        Program sum = Program.inference(
                "sum",
                t -> t.output("y", t.parameter("x", new Init.Normal(1), 4, 4).allReduce()));
        Communicator ranks = new Communicator(new Rank(1, 2), Nccl.id(cuda));
        try (FakeCuda.Loaded loaded = cuda.load(folder, sum, ranks)) {
            loaded.program().run(loaded.state(), Map.of());

            assertThat(loaded.device().rank()).isEqualTo(new Rank(1, 2));
            assertThat(since(0, "ncclCommInitRank 1 of 2")).hasSize(1);
            String work = since(0, "cuStreamBeginCapture_v2").get(0).split(" ")[1];
            String beside = since(0, "ncclAllReduce").get(0).split(" ")[1];
            assertThat(beside).isNotEqualTo(work);
            List<String> recorded = since(0, "cuStream", "cuEventRecord", "ncclAllReduce", "cuMemcpyDtoDAsync_v2");
            assertThat(recorded.subList(
                            recorded.indexOf("cuStreamBeginCapture_v2 " + work),
                            recorded.indexOf("cuStreamEndCapture " + work)))
                    .containsExactly(
                            "cuStreamBeginCapture_v2 " + work,
                            "cuEventRecord " + work,
                            "cuStreamWaitEvent " + beside,
                            "ncclAllReduce " + beside,
                            "cuEventRecord " + beside,
                            "cuStreamWaitEvent " + work,
                            "cuMemcpyDtoDAsync_v2 " + work);
        }
        assertThat(since(0, "ncclCommDestroy")).hasSize(1);
    }

    @Test
    void aGpuThatIsNewerThanTheCompilerGetsPtx() {
        cuda.withCapability(120);
        try (FakeCuda.Loaded loaded = cuda.load(folder, FakeCuda.counter())) {
            loaded.program().run(loaded.state(), BATCH);
            assertThat(cuda.calls).contains("nvrtcGetPTX").doesNotContain("nvrtcGetCUBIN");
        }
    }

    private List<String> since(int first, String... functions) {
        return cuda.calls.subList(first, cuda.calls.size()).stream()
                .filter(call -> List.of(functions).stream().anyMatch(call::startsWith))
                .toList();
    }
}
