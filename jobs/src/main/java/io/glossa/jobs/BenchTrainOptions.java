package io.glossa.jobs;

import io.glossa.jobs.train.Machine;
import io.glossa.trainer.train.TrainBench;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Which training step {@code bench train} and {@code explain} are about. */
final class BenchTrainOptions {
    @Option(
            names = "--size",
            paramLabel = "PRESET",
            defaultValue = "xs",
            description = "model preset (default: ${DEFAULT-VALUE})")
    private String size;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "bf16",
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
            names = "--activation-budget",
            paramLabel = "MB",
            defaultValue = "0",
            description = "memory for activations; what does not fit is computed again (default: no limit)")
    private int activationMb;

    TrainBench.Config config(int steps) {
        return new TrainBench.Config(
                "cpu",
                size.toLowerCase(Locale.ROOT),
                dtype,
                batch,
                seconds,
                threads,
                steps,
                Machine.activationBytes(activationMb));
    }

    /** Those that any program measuring such a step takes. */
    List<String> common() {
        return List.of(
                "--size", size,
                "--dtype", dtype,
                "--batch", String.valueOf(batch),
                "--seconds", String.valueOf(seconds),
                "--threads", String.valueOf(threads));
    }
}
