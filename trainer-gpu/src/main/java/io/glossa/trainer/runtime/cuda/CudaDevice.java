package io.glossa.trainer.runtime.cuda;

import io.glossa.error.GlossaException;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.runtime.Communicator;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.DeviceMemory;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.Lowered;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.Target;
import io.glossa.trainer.runtime.host.CacheFolder;
import io.glossa.trainer.runtime.host.FunctionCache;
import io.glossa.trainer.runtime.host.LazyLowered;
import io.glossa.trainer.runtime.host.PlanCache;
import io.glossa.trainer.runtime.host.ProgramPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Fused CUDA kernels and products on one GPU, or on what stands in for one. */
public final class CudaDevice implements Device {
    private final String name;
    private final Gpu gpu;
    private final Rank rank;
    private final FunctionCache<Gpu.Function> functions;
    private final PlanCache plans;
    private final Compile.Options options;
    private final Dumps dumps;
    private final Optional<Emission> emission;

    /**
     * @param rank of the processes that the GPU adds up over
     * @param emission writes the CUDA text of what is loaded beside the dumps, for a GPU that is not there
     */
    CudaDevice(
            String name,
            Gpu gpu,
            Rank rank,
            Path cache,
            Compile.Options options,
            Dumps dumps,
            Optional<Emission> emission) {
        this.name = name;
        this.gpu = gpu;
        this.rank = rank;
        this.options = options;
        this.dumps = dumps;
        this.emission = emission;
        FunctionCache.Builder<Gpu.Function> builder = gpu.builder();
        functions = new FunctionCache<>(cache, gpu.prelude(), builder);
        plans = new PlanCache(cache, name + builder.identity(), builder::damaged);
    }

    /**
     * A GPU of this machine.
     *
     * @param address which one, as CUDA counts them
     * @param cache folder of compiled kernels
     * @throws GlossaException of type RESOURCE if there is none, or a library for it is missing or does not fit
     */
    public static CudaDevice open(
            String address, Path cache, Compile.Options options, Dumps dumps, Communicator ranks) {
        Path absolute = folder(cache);
        Gpu gpu = NvidiaGpu.open(address, absolute, options.precision(), ranks, Libraries.ofMachine());
        return new CudaDevice("cuda", gpu, ranks.rank(), absolute, options, dumps, Optional.empty());
    }

    /**
     * What a GPU would run, on this machine's processor. Where dumps are wanted, the CUDA text of each program is among
     * them, and is compiled if there is a compiler.
     *
     * @param address of the GPU that this stands in for; any will do
     * @param cache folder of compiled kernels
     */
    public static CudaDevice emulated(
            String address, Path cache, Compile.Options options, Dumps dumps, Communicator ranks) {
        Path absolute = folder(cache);
        Optional<Emission> emission = dumps.folder().map(folder -> Emission.open(absolute));
        return new CudaDevice(
                "emit-only",
                EmulatedGpu.open(address, absolute, ranks),
                ranks.rank(),
                absolute,
                options,
                dumps,
                emission);
    }

    /**
     * By which processes with GPUs find each other: one of them makes it, and gives it to all.
     *
     * @throws GlossaException of type RESOURCE if this machine has no NCCL
     */
    public static String communicatorId() {
        return Nccl.id(Libraries.ofMachine().nccl());
    }

    private static Path folder(Path cache) {
        try {
            return Files.createDirectories(cache.toAbsolutePath());
        } catch (IOException e) {
            throw CacheFolder.unwritable("Cannot keep compiled kernels in " + cache, e);
        }
    }

    @Override
    public Precision precision() {
        return options.precision();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String hardware() {
        return gpu.name();
    }

    @Override
    public String identity() {
        return gpu.identity();
    }

    @Override
    public List<String> details() {
        return gpu.details();
    }

    /** The folders in which CUDA's libraries are looked for, beside those of the system's loader. */
    public static List<Path> searched() {
        return SearchPath.ofMachine().folders();
    }

    @Override
    public Rank rank() {
        return rank;
    }

    @Override
    public State allocate(Map<String, LazyTensor> values) {
        return new CudaState(gpu, values);
    }

    @Override
    public Executable load(String program, Graph graph) {
        LazyLowered lowered = new LazyLowered(() -> Compile.lowered(program, graph, Target.CUDA, options, dumps));
        ProgramPlan plan = plans.plan(
                program,
                graph,
                options,
                found -> dumps.folder().isEmpty() && functions.has(found.emitted()),
                () -> planned(program, lowered.get()));
        return new CudaExecutable(this, plan, lowered);
    }

    private ProgramPlan planned(String program, Lowered lowered) {
        ProgramPlan plan = ProgramPlan.of(lowered, compiled(lowered)::get);
        emission.ifPresent(cuda -> cuda.write(
                lowered.kernels(), dumps.folder().orElseThrow().resolve(program).resolve("cuda")));
        return plan;
    }

    private Map<Kernel, ProgramPlan.Code> compiled(Lowered lowered) {
        Map<Kernel, ProgramPlan.Code> code = new LinkedHashMap<>();
        Map<String, FunctionCache.Source> sources = new HashMap<>();
        for (Kernel kernel : lowered.kernels()) {
            GpuText text = GpuText.of(kernel);
            text.sources().forEach(source -> sources.put(source.name(), source));
            code.put(
                    kernel,
                    new ProgramPlan.Code(kernel.function(), !text.launches().isEmpty(), text.launches()));
        }
        functions.require(sources.values());
        return code;
    }

    @Override
    public Optional<DeviceMemory> memory() {
        OptionalLong bytes = gpu.freeBytes();
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        long free = bytes.getAsLong();
        return Optional.of(new DeviceMemory(Math.max(0, free - DeviceMemory.spare(free)), Target.CUDA, options));
    }

    Gpu gpu() {
        return gpu;
    }

    /** A compiled function of a plan. */
    Gpu.Function function(String function) {
        return functions.function(function);
    }

    Gpu.Product product(ProductPlan plan, Gpu.Factors at) {
        return gpu.product(plan, at);
    }

    @Override
    public void abandon() {
        gpu.abandon();
    }

    @Override
    public void close() {
        gpu.close();
    }
}
