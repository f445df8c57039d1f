package io.glossa.jobs.bench;

import io.glossa.error.GlossaException;
import io.glossa.jobs.cli.Json;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.train.BenchResult;
import io.glossa.trainer.train.TrainBench;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench train}. */
@Command(
        name = "train",
        description = {
            "Measures training steps on random features: forward, backward, clipping and AdamW, every utterance of full"
                    + " length. BEST-RQ has 16 codebooks of 8192 and heads on 40 %% of the frames; recognisers have 12.5"
                    + " random labels a second; MOST has a batch of each of its three streams. Two processes run it, one"
                    + " with all kernels to compile and one that finds them in the cache."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class BenchTrainCommand implements Callable<Integer> {
    @Mixin
    private BenchTrainOptions step;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "10",
            description = "steps whose median is taken (default: ${DEFAULT-VALUE})")
    private int steps;

    @Option(
            names = "--ranks",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "processes that train together, each on cores (while there are enough) and batches of its own; what is"
                            + " printed is of all together (default: ${DEFAULT-VALUE})")
    private int ranks;

    @Option(
            names = "--sharding",
            paramLabel = "WHAT",
            defaultValue = "none",
            description =
                    "what each rank has a part of alone: none, optimizer or parameters (default: ${DEFAULT-VALUE})")
    private Sharding sharding;

    @Option(
            names = "--profile",
            paramLabel = "FILE",
            arity = "0..1",
            fallbackValue = "work/trace.json",
            description =
                    "print where the time of a step goes, kernel by kernel, and write a trace for chrome://tracing"
                            + " (default file: ${FALLBACK-VALUE})")
    private Path profile;

    @Option(
            names = "--against",
            paramLabel = "COMMAND",
            description =
                    "another program that takes --device, --size, --dtype, --batch, --seconds, --threads and --steps"
                            + " and prints a line of JSON with rtfx, step_s, first_s and peak_mb, and batch if it may be another:"
                            + " run in turn with it, and compare. Options that COMMAND has already are not passed")
    private String against;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "times that each of both runs with --against (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--json", description = "print one line of JSON, last")
    private boolean json;

    @Override
    public Integer call() {
        TrainBench.Config config = step.config(steps).withSharding(sharding);
        requireCores(config);
        if (profile != null) {
            ProfileText text = new ProfileText(TrainBench.profile(config));
            System.out.println(text.table(ProfileText.ROWS));
            text.writeTrace(profile);
            System.out.println("The trace: " + profile.toAbsolutePath());
        } else if (against != null) {
            compare(config);
        } else {
            BenchResult result = MeasuredProcess.coldAndWarm(config, ranks)
                    .withPlanned(PlannedMemory.bytes(config, ranks) / (double) (1 << 20));
            System.out.println(json ? Json.line(result) : words(result, step.batchNote()));
        }
        return 0;
    }

    private void requireCores(TrainBench.Config config) {
        int cores = Runtime.getRuntime().availableProcessors();
        if (ranks < 1 || ranks > 1 && config.threads() > cores) {
            throw GlossaException.user(
                    "Cannot measure " + ranks + " ranks of " + config.threads() + " threads on " + cores
                            + " cores, expected at least 1, and a core for each thread of one (--threads "
                            + Math.max(1, cores / Math.max(1, ranks)) + ")");
        }
        if (ranks > 1 && ranks * config.threads() > cores) {
            System.err.println(ranks + " ranks share " + cores + " cores: memory is as it would be, times are not");
        }
        if (ranks > 1 && !config.device().equals("cpu")) {
            throw GlossaException.user(
                    "Cannot measure " + ranks + " ranks on device '" + config.device() + "', expected cpu");
        }
    }

    private void compare(TrainBench.Config config) {
        if (rounds < 1) {
            throw GlossaException.user("Cannot compare in " + rounds + " rounds, expected at least 1");
        }
        List<String> options = BenchTrainOptions.common(config);
        System.err.printf(Locale.ROOT, "batch %d%s%n", config.batch(), step.batchNote());
        Comparison comparison = new Comparison();
        for (int round = 1; round <= rounds; round++) {
            System.err.printf(Locale.ROOT, "round %d of %d: Glossa%n", round, rounds);
            BenchResult ours = MeasuredProcess.coldAndWarm(config, ranks);
            System.err.printf(Locale.ROOT, "round %d of %d: %s%n", round, rounds, against);
            comparison.add(ours, MeasuredProcess.peer(against, options, Comparison.Peer.class));
        }
        System.out.print(comparison.table());
    }

    private static String words(BenchResult result, String batchNote) {
        boolean gpu = result.deviceMb() > 0;
        return String.format(
                Locale.ROOT,
                "%s %s %s on %s, batch %d%s, of %d s each: %.3f s a step, %,.1f audio hours per hour, %,.1f GFLOP/s%n"
                        + "first step after %.1f s, from the cache %.1f s; activations %,.0f MB, whole process at most %,.0f MB%s%n"
                        + "planned %,.0f MB beyond an idle process with the device open, measured %,.0f MB: %+.1f %%",
                result.objective(),
                result.size(),
                result.dtype(),
                gpu
                        ? result.hardware()
                        : (result.ranks() > 1 ? result.ranks() + " × " : "") + result.threads() + " threads",
                result.batch(),
                batchNote,
                result.seconds(),
                result.stepS(),
                result.rtfx(),
                result.ranks() * result.gflop() / result.stepS(),
                result.firstS(),
                result.warmFirstS(),
                result.arenaMb(),
                result.peakMb(),
                gpu
                        ? String.format(
                                Locale.ROOT,
                                "; of the GPU %,.0f MB, %,.0f MB an utterance",
                                result.deviceMb(),
                                result.utteranceMb())
                        : "",
                result.plannedMb(),
                result.grownMb(),
                100 * (result.plannedMb() / result.grownMb() - 1));
    }
}
