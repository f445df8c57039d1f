package io.glossa.jobs.bench;

import io.glossa.error.GlossaException;
import io.glossa.jobs.cli.Json;
import io.glossa.storage.Folder;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.train.SavingBench;
import io.glossa.trainer.train.TrainBench;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench checkpoints}. */
@Command(
        name = "checkpoints",
        description = {
            "Measures the training steps of bench train with a checkpoint every few steps, written while training goes on, and"
                    + " without any, in turn: the median of all steps, and that of the three slowest, which is what people"
                    + " notice."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BenchCheckpointsCommand implements Callable<Integer> {
    @Mixin
    private BenchTrainOptions step;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "100",
            description = "steps of each of both in a round (default: ${DEFAULT-VALUE})")
    private int steps;

    @Option(
            names = "--checkpoint-steps",
            paramLabel = "N",
            defaultValue = "20",
            description = "steps from one checkpoint to the next (default: ${DEFAULT-VALUE})")
    private int every;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "times that each of both runs (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--out",
            paramLabel = "URI",
            description = "folder in which checkpoints are written, and taken away again (default: work/bench)")
    private String out = Path.of("work", "bench").toString();

    @Option(names = "--json", description = "print one line of JSON, last")
    private boolean json;

    @Override
    public Integer call() {
        if (rounds < 1) {
            throw GlossaException.user("Cannot compare in " + rounds + " rounds, expected at least 1");
        }
        TrainBench.Config config = step.config(steps);
        Folder folder = new Folder(out).resolve("checkpoints-" + UUID.randomUUID());
        List<SavingCost> costs = new ArrayList<>();
        try (SavingBench bench = new SavingBench(config, every, folder, DeviceRequest.defaultCache())) {
            for (int round = 1; round <= rounds; round++) {
                SavingCost cost = SavingCost.of(bench.round());
                System.err.printf(Locale.ROOT, "round %d of %d: %s%n", round, rounds, cost.words());
                costs.add(cost);
            }
        }
        SavingCost all = SavingCost.ofAll(costs);
        System.out.println(json ? Json.line(all) : "medians of all rounds: " + all.words());
        return 0;
    }
}
