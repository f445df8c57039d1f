package io.glossa.trainer.runtime.cpu;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.glossa.error.Background;
import io.glossa.error.GlossaException;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.emit.Resource;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.ranks.Peers;
import io.glossa.trainer.runtime.Communicator;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.Lowered;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.Target;
import io.glossa.trainer.runtime.host.BuildSetup;
import io.glossa.trainer.runtime.host.Digest;
import io.glossa.trainer.runtime.host.LazyLowered;
import io.glossa.trainer.runtime.host.PlanCache;
import io.glossa.trainer.runtime.host.Prebuilt;
import io.glossa.trainer.runtime.host.Processor;
import io.glossa.trainer.runtime.host.ProgramPlan;
import io.glossa.trainer.runtime.host.Toolchain;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import org.slf4j.LoggerFactory;

/** Fused C++ kernels and oneDNN on this machine's processor. One worker thread owns all OpenMP calls. */
public final class CpuDevice implements Device {
    private final KernelCache kernels;
    private final PlanCache plans;
    private final NativeLibrary runtime;
    private final ExecutorService worker;
    private final Compile.Options options;
    private final Dumps dumps;
    private final int threads;
    private final String identity;
    private final Rank rank;
    private final Optional<CpuCollectives> collectives;

    private CpuDevice(
            KernelCache kernels,
            PlanCache plans,
            NativeLibrary runtime,
            ExecutorService worker,
            Compile.Options options,
            Dumps dumps,
            int threads,
            String identity,
            Rank rank,
            Optional<CpuCollectives> collectives) {
        this.kernels = kernels;
        this.plans = plans;
        this.runtime = runtime;
        this.worker = worker;
        this.options = options;
        this.dumps = dumps;
        this.threads = threads;
        this.identity = identity;
        this.rank = rank;
        this.collectives = collectives;
    }

    /**
     * @param threads OpenMP threads per kernel
     * @param cache folder of compiled libraries
     */
    public static CpuDevice open(int threads, Path cache, Dumps dumps) {
        return open(threads, cache, Compile.Options.DEFAULTS, dumps);
    }

    /** As above, of a process that trains alone. */
    public static CpuDevice open(int threads, Path cache, Compile.Options wanted, Dumps dumps) {
        return open(threads, cache, wanted, dumps, Communicator.NONE);
    }

    /**
     * As above, as one of several ranks. BF16 falls back to FP32 where the processor has no instructions for it, and says so.
     *
     * @throws GlossaException of type USER if F8 is wanted, of type RESOURCE if other ranks are not found
     */
    public static CpuDevice open(int threads, Path cache, Compile.Options wanted, Dumps dumps, Communicator ranks) {
        BuildSetup setup = Prebuilt.setup(cache.toAbsolutePath());
        return open(threads, cache, supported(wanted, setup), dumps, setup, ranks);
    }

    static CpuDevice open(
            int threads, Path cache, Compile.Options options, Dumps dumps, BuildSetup setup, Communicator ranks) {
        // First, so that no rank waits for one that fails below: who has met the others leaves them at once.
        Optional<CpuCollectives> collectives = ranks.isReal()
                ? Optional.of(new CpuCollectives(
                        Peers.meet(ranks.rank(), List.of(ranks.id().split(" ")))))
                : Optional.empty();
        try {
            return open(threads, cache, options, dumps, setup, ranks.rank(), collectives);
        } catch (RuntimeException e) {
            collectives.ifPresent(CpuCollectives::close);
            throw e;
        }
    }

    private static CpuDevice open(
            int threads,
            Path cache,
            Compile.Options options,
            Dumps dumps,
            BuildSetup setup,
            Rank rank,
            Optional<CpuCollectives> collectives) {
        Path absolute = cache.toAbsolutePath();
        OneDnn oneDnn = OneDnn.unpacked(absolute, setup.warnings());
        Toolchain toolchain = new Toolchain(absolute, setup);
        Path library = toolchain.library(
                "runtime",
                Resource.text("runtime/runtime.cpp"),
                List.of("-O1", "-DGLOSSA_ONEDNN=" + oneDnn.version(), "-l:libdnnl.so.3"),
                List.of("-I" + oneDnn.headers(), "-L" + oneDnn.folder()));
        oneDnn.load();
        NativeLibrary runtime = Toolchain.load(library);
        ExecutorService worker = Background.thread("glossa-cpu");
        CpuDevice device = new CpuDevice(
                new KernelCache(absolute, toolchain),
                new PlanCache(absolute, toolchain.identity(), toolchain::damaged),
                runtime,
                worker,
                options,
                dumps,
                threads,
                oneDnn.version() + " on processor "
                        + Digest.of(setup.processor()).substring(0, 8) + ", kernels by " + toolchain.compiler(),
                rank,
                collectives);
        device.onWorker(() -> runtime.getFunction("glossa_threads").invoke(Void.class, new Object[] {threads}));
        return device;
    }

    private static Compile.Options supported(Compile.Options wanted, BuildSetup setup) {
        if (wanted.precision().isF8()) {
            throw GlossaException.user("Cannot compute in " + wanted.precision().title()
                    + " on device 'cpu': expected fp32 or bf16 (or device cuda)");
        }
        if (wanted.precision() == Precision.BF16 && !Processor.hasBf16(setup.processor())) {
            LoggerFactory.getLogger(CpuDevice.class)
                    .warn(
                            "Computing in fp32: found no avx512_bf16 or amx_bf16 in the processor that programs are for, expected one for bf16");
            return wanted.with(Precision.FP32);
        }
        return wanted;
    }

    /** Where compiled libraries go unless told otherwise: GLOSSA_CACHE, or the user's cache folder. */
    public static Path defaultCache() {
        String set = System.getenv("GLOSSA_CACHE");
        return set != null ? Path.of(set) : Path.of(System.getProperty("user.home"), ".cache", "glossa");
    }

    @Override
    public Precision precision() {
        return options.precision();
    }

    /** Emitted kernels add up in one order whatever the number; some gradients of oneDNN's do not. */
    @Override
    public OptionalInt threads() {
        return OptionalInt.of(threads);
    }

    @Override
    public String name() {
        return "cpu";
    }

    /** The library of products, and the processor that kernels are compiled for. */
    @Override
    public String identity() {
        return identity;
    }

    @Override
    public Rank rank() {
        return rank;
    }

    /** The other ranks; empty for a process that trains alone. */
    Optional<CpuCollectives> collectives() {
        return collectives;
    }

    @Override
    public State allocate(Map<String, LazyTensor> values) {
        return new CpuState(values);
    }

    @Override
    public Executable load(String name, Graph graph) {
        LazyLowered lowered = new LazyLowered(() -> Compile.lowered(name, graph, Target.CPU, options, dumps));
        ProgramPlan plan = plans.plan(
                name,
                graph,
                options,
                found -> dumps.folder().isEmpty() && kernels.has(found.emitted()),
                () -> planned(lowered.get()));
        return new CpuExecutable(this, plan, lowered);
    }

    private ProgramPlan planned(Lowered lowered) {
        Map<Kernel, String> names = kernels.names(lowered.kernels());
        return ProgramPlan.of(
                lowered,
                kernel -> new ProgramPlan.Code(
                        names.getOrDefault(kernel, kernel.function()), names.containsKey(kernel), List.of()));
    }

    /** A compiled function of a plan. */
    Function emitted(String name) {
        return kernels.function(name);
    }

    Function function(String name) {
        return runtime.getFunction(name);
    }

    /** An object made by the runtime library from a description. */
    Pointer prepare(String factory, long[] description) {
        Pointer made = onWorker(() -> runtime.getFunction(factory).invokePointer(new Object[] {description}));
        if (made == null) {
            throw GlossaException.internal("Cannot prepare " + factory.replace("_create", "") + ": oneDNN said: "
                    + failure() + ", expected a supported description");
        }
        return made;
    }

    String failure() {
        return onWorker(() -> runtime.getFunction("glossa_failure").invokeString(new Object[0], false));
    }

    /** Runs on the one thread that may enter OpenMP. */
    <T> T onWorker(Callable<T> task) {
        return Background.result(worker.submit(task), "run on the cpu device");
    }

    @Override
    public void begin(long step) {
        collectives.ifPresent(own -> own.begin(step));
    }

    @Override
    public double awaitedSeconds() {
        return collectives.map(CpuCollectives::awaitedSeconds).orElse(0.0);
    }

    @Override
    public void abandon() {
        collectives.ifPresent(CpuCollectives::abandon);
    }

    @Override
    public void close() {
        collectives.ifPresent(CpuCollectives::close);
        worker.shutdown();
    }
}
