package io.glossa.trainer.train;

import io.glossa.config.ConfigBinder;
import io.glossa.error.GlossaException;
import io.glossa.trainer.autograd.Entry;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.autograd.Ranks;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Cursor;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.AdamW;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Inputs;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.runtime.Communicator;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.DeviceMemory;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.KernelTime;
import io.glossa.trainer.runtime.Lowered;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.ProcessMemory;
import io.glossa.trainer.runtime.Roofline;
import io.glossa.trainer.runtime.Staged;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.Target;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Measures BEST-RQ training steps on random features: 16 codebooks of 8192, relative positions, heads on 40 % of the
 * frames, AdamW and clipping; every utterance as long as its bucket.
 */
public final class TrainBench {
    private static final double MB = 1 << 20;
    private static final double LEARNING_RATE = 1e-4;

    /** Fixed, so that other programs can be given the same. */
    private static final double CAPACITY = 0.4;

    private static final AdamW OPTIMIZER = new AdamW(0.01, 1);

    /**
     * What to measure.
     *
     * @param device one of {@link DeviceRequest#NAMES}
     * @param size a model preset
     * @param dtype of matrix products: a title of {@link Precision}
     * @param batch utterances in a step
     * @param seconds length of an utterance
     * @param activationBytes budget for the memory of activations
     * @param sharding what each of several ranks has a part of
     * @param set settings that the model has otherwise than the preset, by key; their values as the model prints them
     */
    public record Config(
            String device,
            String size,
            String dtype,
            int batch,
            int seconds,
            int threads,
            int steps,
            long activationBytes,
            Sharding sharding,
            Map<String, String> set) {

        /** The same with another number of steps. */
        public Config withSteps(int other) {
            return new Config(device, size, dtype, batch, seconds, threads, other, activationBytes, sharding, set);
        }

        /** The same with other batches. */
        public Config withBatch(int other) {
            return new Config(device, size, dtype, other, seconds, threads, steps, activationBytes, sharding, set);
        }

        /** The same with what each rank has a part of. */
        public Config withSharding(Sharding other) {
            return new Config(device, size, dtype, batch, seconds, threads, steps, activationBytes, other, set);
        }

        /** @throws GlossaException of type USER if there is no such type, preset or setting, or a number is below 1 */
        public Config {
            Precision.of(dtype);
            Map<String, String> model = new TreeMap<>(ConfigBinder.values(ModelConfig.preset(size, set)));
            model.keySet().retainAll(set.keySet());
            set = model;
            if (batch < 1 || seconds < 1 || threads < 1 || steps < 1) {
                throw GlossaException.user("Cannot measure " + steps + " steps of " + batch + " times " + seconds
                        + " s on " + threads + " threads, expected at least 1 each");
            }
        }
    }

    private final Config config;
    private final BestRq objective;
    private final Bucket bucket;
    private final Map<String, HostTensor> features;

    private TrainBench(Config config) {
        this.config = config;
        objective = new BestRq(
                ModelConfig.preset(config.size(), config.set()), BestRqConfig.DEFAULTS.withCapacity(CAPACITY));
        bucket = new Bucket(config.batch(), config.seconds() * 100);
        int mels = objective.model().mels();
        int[] lengths = new int[config.batch()];
        Arrays.fill(lengths, bucket.frames());
        Type type = Type.f32(config.batch(), bucket.frames(), mels);
        features = Map.of(
                Inputs.FEATURES, new Init.Normal(1).values(Inputs.FEATURES, type.shape(), 0),
                Inputs.LENGTHS, HostTensor.of(lengths, config.batch()),
                Inputs.LEARNING_RATE, HostTensor.scalar((float) LEARNING_RATE));
    }

    /** Runs the measurement in this process. */
    public static BenchResult run(Config config, Path cache) {
        return run(config, cache, Communicator.NONE);
    }

    /** As above, as one of several ranks that each measure the same. */
    public static BenchResult run(Config config, Path cache, Communicator ranks) {
        TrainBench bench = new TrainBench(config);
        return bench.measure(request(config, cache), ranks, false).result(bench, ranks.rank());
    }

    /** What is trained. */
    public static Objective objective(Config config) {
        return new TrainBench(config.withBatch(1)).objective;
    }

    /** How it is trained. */
    public static AdamW optimizer() {
        return OPTIMIZER;
    }

    /** The device that is measured. */
    public static DeviceRequest request(Config config, Path cache) {
        Compile.Options options =
                new Compile.Options(Compile.Grouping.FUSED, Precision.of(config.dtype()), config.activationBytes());
        return new DeviceRequest(config.device(), config.threads(), "0", options, Dumps.NONE, cache);
    }

    /**
     * The largest batch that the device's memory holds, whatever the configuration's own is.
     *
     * @throws GlossaException of type USER if the device has no memory of its own, or not one utterance fits
     */
    public static LargestBatch largestBatch(Config config) {
        TrainBench bench = new TrainBench(config.withBatch(1));
        try (Device device = request(config, DeviceRequest.defaultCache()).open()) {
            DeviceMemory memory = device.memory()
                    .orElseThrow(() -> GlossaException.user("Cannot compute the largest batch on device '"
                            + device.name() + "': it has no memory of its own, expected cuda (or a number)"));
            LargestBatch largest =
                    LargestBatch.of(bench.objective, bench.bucket.frames(), OPTIMIZER, Entry.STEP, Ranks.ONLY, memory);
            if (largest.utterances() == 0) {
                throw GlossaException.user("Cannot measure " + config.size() + " on this device: one utterance of "
                        + config.seconds() + " s takes "
                        + DeviceMemory.text(largest.memory().bytes()) + ", found " + DeviceMemory.text(memory.free())
                        + " free, expected as much (a smaller model or shorter utterances)");
            }
            return largest;
        }
    }

    /** Builds the step for the device without running it. */
    public static void build(Config config, Path cache) {
        TrainBench bench = new TrainBench(config);
        try (Device device = request(config, cache).open()) {
            Compile.program(bench.program(), new Trace(), device).close();
        }
    }

    /** What the compiler makes of the step. */
    public static Lowered lowered(Config config) {
        TrainBench bench = new TrainBench(config);
        Graph joint = Joint.graph(bench.program(), new Trace());
        Target target = config.device().equals("cpu") ? Target.CPU : Target.CUDA;
        return Compile.lowered(
                "bench",
                joint,
                target,
                request(config, DeviceRequest.defaultCache()).options(),
                Dumps.NONE);
    }

    /** Where the time of a step goes, kernel by kernel, from the machine's own cache of programs. */
    public static StepProfile profile(Config config) {
        TrainBench bench = new TrainBench(config);
        Measured measured = bench.measure(request(config, DeviceRequest.defaultCache()), Communicator.NONE, true);
        try (Device device = request(config, DeviceRequest.defaultCache()).open()) {
            return new StepProfile(measured.kernels(), Roofline.of(device));
        }
    }

    private record Measured(
            String hardware,
            double idleMb,
            long deviceBytes,
            double firstS,
            double[] steps,
            long params,
            long arenaBytes,
            double loss,
            List<KernelTime> kernels) {
        BenchResult result(TrainBench bench, Rank rank) {
            Config config = bench.config;
            double[] sorted = steps.clone();
            Arrays.sort(sorted);
            int middle = sorted.length / 2;
            double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
            return new BenchResult(
                    hardware,
                    config.size(),
                    config.dtype(),
                    params,
                    config.batch(),
                    config.seconds(),
                    config.threads(),
                    rank.count(),
                    median,
                    rank.count() * config.batch() * config.seconds() / median,
                    firstS,
                    firstS,
                    arenaBytes / MB,
                    idleMb,
                    ProcessMemory.peakMb(),
                    deviceBytes / MB,
                    0,
                    Flops.step(bench.objective, bench.bucket) * 1e-9,
                    loss);
        }
    }

    private Measured measure(DeviceRequest request, Communicator ranks, boolean profiled) {
        int steps = config.steps();
        try (Device device = request.open(ranks)) {
            Trace trace = new Trace();
            double idle = ProcessMemory.residentMb();
            long free = free(device);
            try (Executable executable = Compile.program(program(), trace, Entry.STEP, config.sharding(), device);
                    State state = device.allocate(trace.initial(0));
                    Upcoming<Cursor> upcoming = new Upcoming<>()) {
                step(executable, state, upcoming, ranks.rank(), 0);
                double first = sinceStart();
                double[] seconds = new double[steps];
                double loss = step(executable, state, upcoming, ranks.rank(), 1);
                List<KernelTime> before = profiled ? executable.times() : List.of();
                for (int i = 0; i < steps; i++) {
                    long start = System.nanoTime();
                    loss = step(executable, state, upcoming, ranks.rank(), i + 2);
                    seconds[i] = (System.nanoTime() - start) * 1e-9;
                }
                long params = trace.declared(Attr.Role.PARAMETER).values().stream()
                        .mapToLong(type -> type.shape().size())
                        .sum();
                List<KernelTime> kernels = profiled ? StepProfile.mean(before, executable.times(), steps) : List.of();
                return new Measured(
                        device.hardware(),
                        idle,
                        free - free(device),
                        first,
                        seconds,
                        params,
                        executable.arenaBytes(),
                        loss,
                        kernels);
            }
        }
    }

    private static long free(Device device) {
        return device.memory().map(DeviceMemory::free).orElse(0L);
    }

    private Program program() {
        return Program.training("bench", t -> objective.trace(t, bucket), OPTIMIZER);
    }

    /** Seconds since the JVM started. */
    private static double sinceStart() {
        return (System.currentTimeMillis()
                        - ManagementFactory.getRuntimeMXBean().getStartTime())
                * 1e-3;
    }

    /** Sends the next step's batch on its way while this step runs, as training does. */
    private double step(Executable executable, State state, Upcoming<Cursor> upcoming, Rank rank, int step) {
        try (Staged batch = upcoming.take(at(step), () -> executable.stage(inputs(rank, step)))) {
            upcoming.begin(at(step + 1), () -> executable.stage(inputs(rank, step + 1)));
            return executable.run(state, batch).get("loss").at(0);
        }
    }

    private static Cursor at(int step) {
        return new Cursor(0, 0, step, 0, step);
    }

    private Map<String, HostTensor> inputs(Rank rank, int step) {
        Map<String, HostTensor> inputs = new HashMap<>(features);
        int first = (step * rank.count() + rank.index()) * config.batch();
        int[] streams = IntStream.range(first, first + config.batch()).toArray();
        inputs.put(Inputs.STREAMS, HostTensor.of(streams, config.batch()));
        inputs.put(Trace.SEED, HostTensor.scalar(0));
        inputs.put(Trace.STEP, HostTensor.scalar(step));
        return inputs;
    }
}
