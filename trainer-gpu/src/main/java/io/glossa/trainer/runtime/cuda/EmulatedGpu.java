package io.glossa.trainer.runtime.cuda;

import com.sun.jna.Pointer;
import io.glossa.error.GlossaException;
import io.glossa.trainer.emit.Resource;
import io.glossa.trainer.emit.cuda.Dialect;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.runtime.Communicator;
import io.glossa.trainer.runtime.host.BuildSetup;
import io.glossa.trainer.runtime.host.FunctionCache;
import io.glossa.trainer.runtime.host.NativeArray;
import io.glossa.trainer.runtime.host.NativeFunctions;
import io.glossa.trainer.runtime.host.Toolchain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Runs the kernels of a GPU on the processor, block by block: slow, for tests. Its memory is the machine's. */
final class EmulatedGpu implements Gpu {
    private static final long ALIGNMENT = 256;

    /**
     * No instructions of one processor alone and no fused multiply-add, so that results are the same everywhere; little
     * optimization, since most kernels run once. Libraries have functions of the same names, and each calls its own.
     */
    private static final List<String> FLAGS = List.of(
            "-std=c++17",
            "-O1",
            "-fPIC",
            "-shared",
            "-fno-strict-aliasing",
            "-ffp-contract=off",
            "-fno-gnu-unique",
            "-Wl,-Bsymbolic",
            "-w");

    private final Map<Long, NativeArray> blocks = new ConcurrentHashMap<>();
    private final String address;
    private final Toolchain toolchain;
    private final EmulatedWork now;

    private EmulatedGpu(String address, Toolchain toolchain, EmulatedWork now) {
        this.address = address;
        this.toolchain = toolchain;
        this.now = now;
    }

    /** @param address only for its name */
    static EmulatedGpu open(String address, Path cache, Communicator ranks) {
        Toolchain toolchain = new Toolchain(
                cache, BuildSetup.ofEnvironment().withProcessor("").withFlags(FLAGS));
        Path library = toolchain.library("product", Resource.text("runtime/product.cpp"), List.of("-O2"));
        return new EmulatedGpu(
                address,
                toolchain,
                new EmulatedWork(
                        Toolchain.load(library).getFunction("gl_product"),
                        ranks.isReal() ? Optional.of(EmulatedRanks.of(ranks)) : Optional.empty(),
                        ranks.rank().index()));
    }

    @Override
    public String name() {
        return "emulated GPU " + address;
    }

    @Override
    public String identity() {
        return name() + ", kernels by " + toolchain.compiler();
    }

    @Override
    public List<String> details() {
        return List.of();
    }

    @Override
    public String prelude() {
        return Dialect.EMULATED.prelude();
    }

    @Override
    public FunctionCache.Builder<Function> builder() {
        return new NativeFunctions<>(toolchain, EmulatedWork.Emulated::new);
    }

    @Override
    public OptionalLong freeBytes() {
        return OptionalLong.empty();
    }

    @Override
    public long allocate(long bytes) {
        NativeArray block = NativeArray.allocate(bytes + ALIGNMENT);
        long start = Pointer.nativeValue(block.address());
        long address = (start + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        blocks.put(address, block);
        return address;
    }

    @Override
    public void free(long address) {
        blocks.remove(address).close();
    }

    @Override
    public Pinned pinned(long bytes) {
        NativeArray block = NativeArray.allocate(bytes);
        return new Pinned() {
            @Override
            public Pointer address() {
                return block.address();
            }

            @Override
            public void close() {
                block.close();
            }
        };
    }

    @Override
    public Transfer send(long to, Pointer from, long bytes) {
        now.copy(to, Pointer.nativeValue(from), bytes);
        return () -> {};
    }

    @Override
    public void await(Transfer transfer) {
        // It arrived when it was sent.
    }

    @Override
    public void write(long to, Pointer from, long bytes) {
        now.copy(to, Pointer.nativeValue(from), bytes);
    }

    @Override
    public void read(Pointer to, long from, long bytes) {
        now.copy(Pointer.nativeValue(to), from, bytes);
    }

    @Override
    public Work work() {
        return now;
    }

    @Override
    public Recording record(Consumer<Work> work) {
        List<Runnable> kept = new ArrayList<>();
        work.accept(new Work() {
            @Override
            public void launch(Function function, GpuKernel.Launch launch, long[] arguments) {
                kept.add(() -> now.launch(function, launch, arguments));
            }

            @Override
            public void multiply(Product product, Factors at) {
                kept.add(() -> now.multiply(product, at));
            }

            @Override
            public void copy(long to, long from, long bytes) {
                kept.add(() -> now.copy(to, from, bytes));
            }

            @Override
            public void begin(int number, Collective collective) {
                kept.add(() -> now.begin(number, collective));
            }

            @Override
            public void await(int number) {
                kept.add(() -> now.await(number));
            }
        });
        return new Recording() {
            @Override
            public void replay() {
                kept.forEach(Runnable::run);
            }

            @Override
            public void close() {
                kept.clear();
            }
        };
    }

    @Override
    public Measured measured(List<Consumer<Work>> pieces) {
        List<Recording> recorded = pieces.stream().map(this::record).toList();
        return new Measured() {
            @Override
            public double[] replay() {
                return recorded.stream()
                        .mapToDouble(piece -> {
                            long start = System.nanoTime();
                            piece.replay();
                            return (System.nanoTime() - start) * 1e-9;
                        })
                        .toArray();
            }

            @Override
            public void close() {
                recorded.forEach(Recording::close);
            }
        };
    }

    @Override
    public Product product(ProductPlan plan, Factors at) {
        return new EmulatedWork.Blas(plan);
    }

    @Override
    public void abandon() {
        now.ranks().ifPresent(EmulatedRanks::abandon);
    }

    @Override
    public void close() {
        if (!blocks.isEmpty()) {
            throw GlossaException.internal("Cannot close the " + name() + ": found " + blocks.size()
                    + " blocks of memory in use, expected none");
        }
    }
}
