package io.glossa.jobs.bench;

import io.glossa.jobs.cli.Json;
import io.glossa.trainer.data.Buckets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench plan}. */
@Command(
        name = "plan",
        description = {
            "Plans an epoch of synthetic utterances, whose lengths are spread as those of read sentences are, and tells what"
                    + " that takes and how much of its batches is padding."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BenchPlanCommand implements Callable<Integer> {
    @Option(
            names = "--utterances",
            paramLabel = "N",
            defaultValue = "1500000000",
            description = "how many (default: ${DEFAULT-VALUE})")
    private long utterances;

    @Option(
            names = "--median-seconds",
            paramLabel = "S",
            defaultValue = "11",
            description = "half of them are shorter (default: ${DEFAULT-VALUE})")
    private double median;

    @Option(
            names = "--spread",
            paramLabel = "X",
            defaultValue = "0.4",
            description = "standard deviation of the logarithm of their lengths, which are cut at 1 and 30 s (default:"
                    + " ${DEFAULT-VALUE})")
    private double spread;

    @Option(
            names = "--parts",
            paramLabel = "N",
            defaultValue = "64",
            description = "parts of a batch (default: ${DEFAULT-VALUE})")
    private int parts;

    @Option(
            names = "--batch-seconds",
            paramLabel = "S",
            defaultValue = "40",
            description = "audio of a part (default: ${DEFAULT-VALUE})")
    private double batchSeconds;

    @Option(
            names = "--buckets",
            paramLabel = "A,B",
            split = ",",
            description = "frames of each bucket (default: the usual ones)")
    private List<Integer> buckets = Buckets.USUAL;

    @Option(names = "--json", description = "print one line of JSON, last")
    private boolean json;

    @Override
    public Integer call() {
        MeasuredPlan result = MeasuredPlan.of(utterances, median, spread, Buckets.of(buckets, batchSeconds), parts);
        System.out.println(json ? Json.line(result) : words(result));
        return 0;
    }

    private static String words(MeasuredPlan result) {
        return String.format(
                Locale.ROOT,
                "%,d utterances, %,d blocks, %,d steps: planned in %.2f s and %,d MB, the position of a step in %.1f ms;"
                        + " padding %.1f %%, empty places %.2f %%",
                result.utterances(),
                result.blocks(),
                result.steps(),
                result.planSeconds(),
                result.planMb(),
                result.positionMs(),
                100 * result.padding(),
                100 * result.emptyPlaces());
    }
}
