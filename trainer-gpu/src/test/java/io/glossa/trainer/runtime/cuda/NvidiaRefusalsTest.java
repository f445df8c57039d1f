package io.glossa.trainer.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.runtime.Communicator;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of refusals of the driver and the libraries. */
class NvidiaRefusalsTest {
    private static final Map<String, HostTensor> BATCH = Map.of("by", HostTensor.scalar(2f));

    @TempDir
    Path folder;

    private final FakeCuda cuda = new FakeCuda("/lib/fake.so.13");

    @Test
    void aRankThatIsGoneIsNamed() {
        cuda.refused.put("ncclCommInitRank", 6);
        assertResource(
                () -> cuda.device(folder, "0", new Communicator(new Rank(0, 2), Nccl.id(cuda))),
                "Cannot add up over GPUs: ncclCommInitRank",
                "another rank is gone");
    }

    @Test
    void aRankThatIsInterruptedWaitsNoLongerForOnesThatDoNotCome() throws InterruptedException {
        CountDownLatch waits = new CountDownLatch(1);
        CountDownLatch others = new CountDownLatch(1);
        Native alone = new Native() {
            @Override
            public int call(String function, Object... arguments) {
                if (function.equals("ncclCommInitRank")) {
                    waits.countDown();
                    await(others);
                }
                return cuda.call(function, arguments);
            }

            @Override
            public String path() {
                return cuda.path();
            }
        };
        Communicator ranks = new Communicator(new Rank(0, 2), Nccl.id(cuda));
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread rank = new Thread(() -> failure.set(catchThrowable(() -> new Nccl(alone, ranks, () -> {}))));
        rank.start();
        waits.await();
        rank.interrupt();
        rank.join();
        others.countDown();
        assertThat(failure.get())
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("Cannot find the GPUs of other ranks: interrupted");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
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
    void aGpuWithoutFp8IsRefusedWhereItIsWanted() {
        cuda.withCapability(86);
        assertResource(
                () -> NvidiaGpu.open("0", folder, Precision.FP8, Communicator.NONE, cuda.libraries(folder)),
                "Cannot use GPU 0: found architecture sm_86, expected sm_89 or newer, which multiply in fp8");
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
    void aDriverThatIsOlderThanTheLibrariesIsRefused() {
        cuda.withDriver(12040);
        FakeCuda.install(folder);
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
                    () -> Compile.program(FakeCuda.counter(), new Trace(), device),
                    "Cannot load kernels from " + folder,
                    "error 222, expected a driver that is not older than CUDA's libraries");
        }
    }

    @Test
    void aKernelThatDoesNotCompileIsKept() throws IOException {
        cuda.refused.put("nvrtcCompileProgram", 6);
        try (CudaDevice device = open("0")) {
            assertResource(
                    () -> Compile.program(FakeCuda.counter(), new Trace(), device),
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
        try (FakeCuda.Loaded loaded = cuda.load(folder, FakeCuda.counter())) {
            loaded.program().run(loaded.state(), BATCH);
            cuda.refused.put("cuStreamSynchronize", 719);
            assertResource(
                    () -> loaded.program().run(loaded.state(), BATCH),
                    "Cannot run on the GPU: the driver said error 719",
                    "checkpoints that were written are whole");
        }
    }

    @Test
    void memoryThatIsNotThereIsCounted() {
        try (CudaDevice device = open("0")) {
            cuda.refused.put("cuMemAlloc_v2", 2);
            assertResource(
                    () -> device.allocate(Map.of("x", LazyTensor.of(HostTensor.of(new float[5 << 18], 5 << 18)))),
                    "Cannot take 5 MB (5242880 bytes) of the GPU's memory: found 3 MB free of 8 MB");
        }
    }

    @Test
    void programsAreNotPromisedAllThatIsFree() {
        long gb = 1L << 30;
        for (long free : new long[] {200 * gb, 100 * gb, 2 * gb}) {
            try (CudaDevice device = cuda.withFree(free).device(folder, "0", Communicator.NONE)) {
                long spare = Math.max(3 * gb, free / 50);
                assertThat(device.memory().orElseThrow().free()).isEqualTo(Math.max(0, free - spare));
            }
        }
    }

    private CudaDevice open(String address) {
        return cuda.device(folder, address, Communicator.NONE);
    }

    private static void assertResource(ThrowingCallable call, String start, String... parts) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        GlossaException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.RESOURCE))
                .hasMessageStartingWith(start)
                .hasMessageContainingAll(parts.length == 0 ? new String[] {start} : parts);
    }
}
