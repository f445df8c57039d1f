package io.glossa.jobs;

import io.glossa.trainer.train.TrainBench;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench train}. */
@Command(
        name = "train",
        description = {
            "Measures BEST-RQ training steps on random features: forward, backward, clipping and AdamW, 16 codebooks of"
                    + " 8192, heads on 40 %% of the frames, every utterance of full length. The first step is measured"
                    + " twice: with all kernels to compile, and from the cache of the first."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BenchTrainCommand implements Callable<Integer> {
    @Option(
            names = "--size",
            paramLabel = "PRESET",
            defaultValue = "xs",
            description = "model preset (default: ${DEFAULT-VALUE})")
    private String size;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "fp32",
            description = "of matrix products: fp32 or bf16 (default: ${DEFAULT-VALUE})")
    private String dtype;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "4",
            description = "utterances in a step (default: ${DEFAULT-VALUE})")
    private int batch;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "16",
            description = "length of an utterance (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--threads", paramLabel = "N", description = "threads of the device (default: all cores)")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "10",
            description = "steps whose median is taken (default: ${DEFAULT-VALUE})")
    private int steps;

    @Option(
            names = "--profile",
            paramLabel = "FILE",
            arity = "0..1",
            fallbackValue = "work/trace.json",
            description =
                    "print where the time of a step goes, kernel by kernel, and write a trace for chrome://tracing"
                            + " (default file: ${FALLBACK-VALUE})")
    private Path profile;

    @Option(names = "--json", description = "print one line of JSON, last")
    private boolean json;

    @Override
    public Integer call() {
        TrainBench.Config config = new TrainBench.Config(size, dtype, batch, seconds, threads, steps);
        if (profile != null) {
            ProfileText text = new ProfileText(TrainBench.profile(config));
            System.out.println(text.table());
            text.writeTrace(profile);
            System.out.println("The trace: " + profile.toAbsolutePath());
            return 0;
        }
        TrainBench.Result result = TrainBench.run(config);
        System.out.println(json ? Json.line(result) : words(result));
        return 0;
    }

    private static String words(TrainBench.Result result) {
        return String.format(
                Locale.ROOT,
                "%s %s, %d utterances of %d s on %d threads: %.3f s a step, %.1f audio seconds per second, %.1f GFLOP/s%n"
                        + "first step %.1f s, %.1f s from the cache; activations %,.0f MB, whole process at most %,.0f MB",
                result.size(),
                result.dtype(),
                result.batch(),
                result.seconds(),
                result.threads(),
                result.stepS(),
                result.rtfx(),
                result.gflop() / result.stepS(),
                result.firstS(),
                result.warmFirstS(),
                result.arenaMb(),
                result.peakMb());
    }
}
