package io.glossa.trainer.runtime.cuda;

import com.sun.jna.Pointer;
import io.glossa.error.GlossaException;
import io.glossa.trainer.emit.cuda.Dialect;
import io.glossa.trainer.runtime.Communicator;
import io.glossa.trainer.runtime.DeviceMemory;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.ProgramMemory;
import io.glossa.trainer.runtime.host.FunctionCache;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** A GPU of NVIDIA's, through the driver. */
final class NvidiaGpu implements Gpu {
    private static final int NON_BLOCKING = 1;
    private static final int WITHOUT_TIME = 2;

    private record Arrival(Driver driver, long event) implements Transfer {
        @Override
        public void close() {
            driver.tried("cuEventDestroy_v2", event);
        }
    }

    private final Driver driver;
    private final Card card;
    private final long context;
    private final long stream;
    private final long beside;
    private final CudaCompiler compiler;
    private final Path cache;
    private final long scratch;
    private final Products products;
    private final Optional<NvidiaCollectives> ranks;
    private final NvidiaWork work;
    private final List<String> libraries;
    private final Recordings recordings;

    private NvidiaGpu(
            Driver driver,
            Card card,
            CudaCompiler compiler,
            Native blas,
            Path cache,
            Precision precision,
            Optional<Native> nccl,
            Communicator ranks,
            List<String> libraries) {
        this.driver = driver;
        this.card = card;
        this.compiler = compiler;
        this.cache = cache;
        this.libraries = libraries;
        context = driver.handle("use GPU " + card.device(), "cuDevicePrimaryCtxRetain", card.device());
        enter();
        stream = driver.handle("make a stream", "cuStreamCreate", NON_BLOCKING);
        beside = driver.handle("make a stream", "cuStreamCreate", NON_BLOCKING);
        recordings = new Recordings(driver, context, stream);
        scratch = allocate(ProgramMemory.PRODUCT_WORKSPACE);
        products = new Products(
                new CublasLt(blas),
                cache,
                ranks.agreement(),
                name(),
                new Products.Scratch(scratch, ProgramMemory.PRODUCT_WORKSPACE, stream),
                piece -> recordings.measured(List.of(piece)),
                precision == Precision.FP8_FAST);
        this.ranks = nccl.map(library -> new NvidiaCollectives(driver, new Nccl(library, ranks, this::enter), stream));
        work = new NvidiaWork(driver, products, this.ranks, stream);
    }

    /**
     * Takes a GPU, with the libraries that are found for it.
     *
     * @param address its number
     * @param precision that it must be able to multiply in
     * @param ranks those that train together; all must open their GPUs before any of them goes on
     */
    static NvidiaGpu open(String address, Path cache, Precision precision, Communicator ranks, Libraries libraries) {
        Driver driver = Driver.initialized(libraries.driver());
        Card card = Card.at(driver, address, precision);
        DriverVersion version = driver.version();
        Native nvrtc = libraries.newest("libnvrtc", "nvidia-cuda-nvrtc", version);
        Native blas = libraries.newest("libcublasLt", "nvidia-cublas", version);
        Optional<Native> nccl = ranks.isReal() ? Optional.of(libraries.nccl()) : Optional.empty();
        List<String> found = new ArrayList<>(List.of("driver for CUDA " + version + ": " + driver.path()));
        Stream.concat(Stream.of(nvrtc, blas), nccl.stream()).map(Native::path).forEach(found::add);
        return new NvidiaGpu(driver, card, new Nvrtc(nvrtc), blas, cache, precision, nccl, ranks, List.copyOf(found));
    }

    /** Makes this thread's calls go to this GPU. */
    private void enter() {
        driver.call("use the GPU", "cuCtxSetCurrent", context);
    }

    @Override
    public String name() {
        return card.name(driver);
    }

    @Override
    public String identity() {
        return String.join(", ", name(), compiler.name(), products.library());
    }

    @Override
    public List<String> details() {
        long[] memory = memory();
        List<String> details = new ArrayList<>(List.of(
                card.details(driver),
                "memory: " + DeviceMemory.text(memory[0]) + " free of " + DeviceMemory.text(memory[1])));
        details.addAll(libraries);
        return details;
    }

    @Override
    public String prelude() {
        return Dialect.CUDA.prelude();
    }

    @Override
    public FunctionCache.Builder<Function> builder() {
        Cubins cubins =
                new Cubins(cache, compiler, card.architecture(), LoggerFactory.getLogger(NvidiaGpu.class)::warn);
        return new Modules(driver, cubins, this::enter);
    }

    @Override
    public OptionalLong freeBytes() {
        return OptionalLong.of(memory()[0]);
    }

    /** Bytes that are free, and all there are. */
    private long[] memory() {
        enter();
        long[] free = new long[1];
        long[] total = new long[1];
        driver.call("look at the GPU's memory", "cuMemGetInfo_v2", free, total);
        return new long[] {free[0], total[0]};
    }

    @Override
    public long allocate(long bytes) {
        enter();
        long[] address = new long[1];
        long size = Math.max(1, bytes);
        int status = driver.tried("cuMemAlloc_v2", address, size);
        if (Driver.isOutOfMemory(status)) {
            long[] memory = memory();
            throw GlossaException.resource("Cannot take " + DeviceMemory.text(size) + " (" + size
                    + " bytes) of the GPU's memory: found " + DeviceMemory.text(memory[0]) + " free of "
                    + DeviceMemory.text(memory[1]) + ", expected as much free (a smaller batch needs less)");
        }
        driver.check("take memory of the GPU", status);
        // Not on the stream of work, which may be recording.
        driver.call("clear memory of the GPU", "cuMemsetD8Async", address[0], (byte) 0, size, beside);
        driver.call("clear memory of the GPU", "cuStreamSynchronize", beside);
        return address[0];
    }

    @Override
    public void free(long address) {
        // Closing goes on after the GPU was lost, so that its cause is what people read.
        driver.tried("cuCtxSetCurrent", context);
        driver.tried("cuMemFree_v2", address);
    }

    @Override
    public Pinned pinned(long bytes) {
        enter();
        long address = driver.handle("pin memory", "cuMemHostAlloc", Math.max(1, bytes), 0);
        return new Pinned() {
            @Override
            public Pointer address() {
                return new Pointer(address);
            }

            @Override
            public void close() {
                driver.tried("cuCtxSetCurrent", context);
                driver.tried("cuMemFreeHost", address);
            }
        };
    }

    @Override
    public Transfer send(long to, Pointer from, long bytes) {
        enter();
        copyTo(to, from, bytes, beside);
        long event = driver.handle("make an event", "cuEventCreate", WITHOUT_TIME);
        driver.call("send a batch to the GPU", "cuEventRecord", event, beside);
        return new Arrival(driver, event);
    }

    @Override
    public void await(Transfer transfer) {
        enter();
        driver.call("wait for a batch", "cuStreamWaitEvent", stream, ((Arrival) transfer).event(), 0);
    }

    @Override
    public void write(long to, Pointer from, long bytes) {
        enter();
        copyTo(to, from, bytes, stream);
        finish();
    }

    private void copyTo(long to, Pointer from, long bytes, long on) {
        if (bytes > 0) {
            driver.call("copy to the GPU", "cuMemcpyHtoDAsync_v2", to, from, bytes, on);
        }
    }

    @Override
    public void read(Pointer to, long from, long bytes) {
        enter();
        if (bytes > 0) {
            driver.call("copy from the GPU", "cuMemcpyDtoHAsync_v2", to, from, bytes, stream);
        }
        finish();
    }

    private void finish() {
        driver.call("run on the GPU", "cuStreamSynchronize", stream);
    }

    @Override
    public Work work() {
        enter();
        return work;
    }

    @Override
    public Recording record(Consumer<Work> recorded) {
        return recordings.of(() -> recorded.accept(work));
    }

    @Override
    public Measured measured(List<Consumer<Work>> pieces) {
        return recordings.measured(pieces.stream()
                .map(piece -> (Runnable) () -> piece.accept(work))
                .toList());
    }

    @Override
    public Product product(ProductPlan plan, Factors at) {
        enter();
        return products.product(plan, at);
    }

    @Override
    public void abandon() {
        ranks.ifPresent(NvidiaCollectives::abandon);
    }

    @Override
    public void close() {
        driver.tried("cuCtxSetCurrent", context);
        ranks.ifPresent(NvidiaCollectives::close);
        products.close();
        free(scratch);
        driver.tried("cuStreamDestroy_v2", beside);
        driver.tried("cuStreamDestroy_v2", stream);
        driver.tried("cuDevicePrimaryCtxRelease_v2", card.device());
    }
}
