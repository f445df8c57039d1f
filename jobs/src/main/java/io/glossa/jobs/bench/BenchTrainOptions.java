package io.glossa.jobs.bench;

import io.glossa.config.Nearest;
import io.glossa.error.GlossaException;
import io.glossa.jobs.train.Machine;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.train.TrainBench;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Which training step {@code bench train} and {@code explain} are about. */
public final class BenchTrainOptions {
    /** That a step or a kernel is measured on. */
    static final List<String> DEVICES = List.of("cpu", "cuda");

    private static final String LARGEST = "auto";
    private static final String USM = "usm-";

    /** The presets of "Google USM". */
    private static final Set<String> OF_USM = Set.of("0.6b", "2b");

    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = "cpu",
            description = "cpu or cuda (default: ${DEFAULT-VALUE})")
    private String device;

    @Option(
            names = "--objective",
            paramLabel = "NAME",
            defaultValue = BestRq.KIND,
            description = "bestrq, ctc, rnnt, las or most (default: ${DEFAULT-VALUE})")
    private String objective;

    @Option(
            names = "--size",
            paramLabel = "PRESET",
            defaultValue = "xs",
            description = "model preset; usm-0.6b and usm-2b are 0.6b and 2b (default: ${DEFAULT-VALUE})")
    private String size;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "bf16",
            description = "of matrix products: fp32, bf16, or on a GPU fp8 or fp8-fast (default: ${DEFAULT-VALUE})")
    private String dtype;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "4",
            description = "utterances in a step, or 'auto': the most that the GPU's memory holds, which is computed"
                    + " (default: ${DEFAULT-VALUE})")
    private String batch;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "16",
            description = "length of an utterance (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--threads", paramLabel = "N", description = "threads of the processor (default: all cores)")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--activation-budget",
            paramLabel = "MB",
            defaultValue = "0",
            description = "memory for activations; what does not fit is computed again (default: no limit)")
    private int activationMb;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "one setting of the model, such as attention=local:128,128; may be repeated")
    private Map<String, String> set = new TreeMap<>();

    /** The step, in batches of the largest size where that is asked for. */
    public TrainBench.Config config(int steps) {
        if (!DEVICES.contains(device)) {
            throw GlossaException.user("Cannot measure a step on device '" + device + "': expected one of "
                    + String.join(", ", DEVICES)
                    + Nearest.hint(device, DEVICES));
        }
        boolean largest = batch.equals(LARGEST);
        TrainBench.Config config = new TrainBench.Config(
                device,
                objective,
                preset(size),
                dtype,
                largest ? 1 : utterances(),
                seconds,
                threads,
                steps,
                Machine.activationBytes(activationMb),
                Sharding.NONE,
                set);
        return largest ? config.withBatch(TrainBench.largestBatch(config).utterances()) : config;
    }

    /** What is said of the batch, where nobody named it. */
    String batchNote() {
        return batch.equals(LARGEST) ? ", the most that fit" : "";
    }

    private int utterances() {
        try {
            return Integer.parseInt(batch);
        } catch (NumberFormatException e) {
            throw GlossaException.user(
                            "Cannot measure a batch of '" + batch + "' utterances, expected a number or " + LARGEST)
                    .causedBy(e);
        }
    }

    /** The preset of a size as people write it, such as USM-0.6B. */
    static String preset(String size) {
        String name = size.toLowerCase(Locale.ROOT);
        return name.startsWith(USM) ? name.substring(USM.length()) : name;
    }

    /** The options that any program measuring such a step takes, sizes by the names that papers have for them. */
    static List<String> common(TrainBench.Config config) {
        String size = (OF_USM.contains(config.size()) ? USM : "") + config.size();
        List<String> options = new ArrayList<>(List.of(
                "--device", config.device(),
                "--size", size.toUpperCase(Locale.ROOT),
                "--dtype", config.dtype(),
                "--batch", String.valueOf(config.batch()),
                "--seconds", String.valueOf(config.seconds()),
                "--threads", String.valueOf(config.threads()),
                "--steps", String.valueOf(config.steps())));
        if (!config.objective().equals(BestRq.KIND)) {
            options.addAll(List.of("--objective", config.objective())); // others know one alone
        }
        config.set().forEach((key, value) -> options.addAll(List.of("--set", key + "=" + value)));
        return options;
    }
}
