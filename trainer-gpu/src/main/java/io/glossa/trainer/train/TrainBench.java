package io.glossa.trainer.train;

import io.glossa.config.ConfigBinder;
import io.glossa.error.GlossaException;
import io.glossa.trainer.autograd.Ranks;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.AdamW;
import io.glossa.trainer.runtime.Communicator;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.DeviceMemory;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.KernelTime;
import io.glossa.trainer.runtime.Lowered;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.ProcessMemory;
import io.glossa.trainer.runtime.Roofline;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.Target;
import io.glossa.trainer.trace.Trace;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Measures training steps on random batches: of BEST-RQ with 16 codebooks of 8192 and heads on 40 % of the frames, of recognisers with
 * random labels, 12.5 a second of {@value #SYMBOLS} symbols, of MOST with a batch of each stream; relative positions, AdamW and
 * clipping; every utterance as long as its bucket.
 */
public final class TrainBench {
    private static final double MB = 1 << 20;

    /** Of the heads of BEST-RQ; fixed, so that other programs can be given the same. */
    private static final Map<String, String> MASKS = Map.of("capacity", "0.4");

    private static final int SYMBOLS = 128;

    private static final AdamW OPTIMIZER = new AdamW(0.01, 1);

    /**
     * What to measure.
     *
     * @param device one of {@link DeviceRequest#NAMES}
     * @param objective one that {@link StepRecipe#named} knows
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
            String objective,
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
            return new Config(
                    device, objective, size, dtype, batch, seconds, threads, other, activationBytes, sharding, set);
        }

        /** The same with other batches. */
        public Config withBatch(int other) {
            return new Config(
                    device, objective, size, dtype, other, seconds, threads, steps, activationBytes, sharding, set);
        }

        /** The same with what each rank has a part of. */
        public Config withSharding(Sharding other) {
            return new Config(
                    device, objective, size, dtype, batch, seconds, threads, steps, activationBytes, other, set);
        }

        /** @throws GlossaException of type USER if there is no such objective, type, preset or setting, or a number is below 1 */
        public Config {
            StepRecipe.requireKnown(objective);
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
    private final StepRecipe recipe;
    private final Bucket bucket;

    TrainBench(Config config) {
        this.config = config;
        recipe = recipe(config);
        bucket = new Bucket(config.batch(), config.seconds() * 100);
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
    public static StepRecipe recipe(Config config) {
        Map<String, String> settings = new HashMap<>(MASKS);
        settings.putAll(config.set());
        return StepRecipe.named(
                config.objective(), config.size(), SYMBOLS, settings, OPTIMIZER, BatchConfig.DEFAULTS.batchSeconds());
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
        try (Device device = request(config, DeviceRequest.defaultCache()).open()) {
            DeviceMemory memory = device.memory()
                    .orElseThrow(() -> GlossaException.user("Cannot compute the largest batch on device '"
                            + device.name() + "': it has no memory of its own, expected cuda (or a number)"));
            int mels = ModelConfig.preset(config.size(), config.set()).mels();
            int most = Integer.MAX_VALUE / (config.seconds() * 100 * mels);
            LargestBatch largest = LargestBatch.of(
                    utterances -> LargestBatch.withinBudget(
                            () -> lowered(config.withBatch(utterances), Ranks.ONLY, memory.target(), memory.options())
                                    .memory()),
                    most,
                    memory.free());
            if (largest.utterances() == 0) {
                throw GlossaException.user("Cannot measure " + config.size() + " on this device: one utterance of "
                        + config.seconds() + " s takes "
                        + DeviceMemory.text(largest.memory().bytes()) + ", found " + DeviceMemory.text(memory.free())
                        + " free, expected as much (a smaller model or shorter utterances)");
            }
            return largest;
        }
    }

    private static LoweredStep lowered(Config config, Ranks ranks, Target target, Compile.Options options) {
        TrainBench bench = new TrainBench(config);
        return LoweredStep.of(bench.recipe, bench.bucket, 1, ranks, target, options);
    }

    /** Builds the step for the device without running it. */
    public static void build(Config config, Path cache) {
        TrainBench bench = new TrainBench(config);
        try (Device device = request(config, cache).open()) {
            bench.built(device).close();
        }
    }

    /** The state that the step is run on. */
    Trace declared(Device device) {
        return StepProgram.declared(recipe, bucket, 1, new Ranks(device.rank(), config.sharding()));
    }

    BenchStep built(Device device) {
        return new BenchStep(recipe, bucket, new Ranks(device.rank(), config.sharding()), SYMBOLS, device);
    }

    /**
     * What the compiler makes of the step; where it is several programs, of the one whose activations take most.
     *
     * @param rank which the step is one of
     */
    public static Lowered lowered(Config config, Rank rank) {
        Target target = config.device().equals("cpu") ? Target.CPU : Target.CUDA;
        return lowered(
                        config,
                        new Ranks(rank, config.sharding()),
                        target,
                        request(config, DeviceRequest.defaultCache()).options())
                .largest();
    }

    /** Where the time of a step goes, kernel by kernel, from the machine's own cache of programs. */
    public static StepProfile profile(Config config) {
        TrainBench bench = new TrainBench(config);
        Measured measured = bench.measure(request(config, DeviceRequest.defaultCache()), Communicator.NONE, true);
        try (Device device = request(config, DeviceRequest.defaultCache()).open()) {
            return new StepProfile(measured.kernels(), bench.flop(), Roofline.of(device));
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
                    config.objective(),
                    config.size(),
                    config.dtype(),
                    params,
                    config.batch(),
                    config.seconds(),
                    config.threads(),
                    rank.count(),
                    median,
                    rank.count() * bench.recipe.audioSeconds(bench.bucket) / median,
                    firstS,
                    firstS,
                    arenaBytes / MB,
                    idleMb,
                    ProcessMemory.peakMb(),
                    deviceBytes / MB,
                    0,
                    bench.flop() * 1e-9,
                    loss);
        }
    }

    private double flop() {
        return recipe.flop(bucket, BenchBatches.labels(bucket));
    }

    private Measured measure(DeviceRequest request, Communicator ranks, boolean profiled) {
        int steps = config.steps();
        try (Device device = request.open(ranks)) {
            double idle = ProcessMemory.residentMb();
            long free = free(device);
            Trace declared = declared(device);
            try (BenchStep step = built(device);
                    State state = device.allocate(declared.initial(0))) {
                step.run(state, 0);
                double first = sinceStart();
                double[] seconds = new double[steps];
                double loss = step.run(state, 1);
                List<KernelTime> before = profiled ? step.times() : List.of();
                for (int i = 0; i < steps; i++) {
                    long start = System.nanoTime();
                    loss = step.run(state, i + 2);
                    seconds[i] = (System.nanoTime() - start) * 1e-9;
                }
                long params = declared.whole(Attr.Role.PARAMETER).values().stream()
                        .mapToLong(type -> type.shape().size())
                        .sum();
                List<KernelTime> kernels = profiled ? StepProfile.mean(before, step.times(), steps) : List.of();
                return new Measured(
                        device.hardware(),
                        idle,
                        free - free(device),
                        first,
                        seconds,
                        params,
                        step.arenaBytes(),
                        loss,
                        kernels);
            }
        }
    }

    private static long free(Device device) {
        return device.memory().map(DeviceMemory::free).orElse(0L);
    }

    /** Seconds since the JVM started. */
    private static double sinceStart() {
        return (System.currentTimeMillis()
                        - ManagementFactory.getRuntimeMXBean().getStartTime())
                * 1e-3;
    }
}
