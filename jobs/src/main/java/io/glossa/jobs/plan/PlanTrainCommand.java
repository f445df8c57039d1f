package io.glossa.jobs.plan;

import io.glossa.error.GlossaException;
import io.glossa.jobs.cli.Json;
import io.glossa.jobs.cli.Progress;
import io.glossa.jobs.train.Machine;
import io.glossa.jobs.train.Overrides;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.plan.Asked;
import io.glossa.trainer.plan.DevicePreset;
import io.glossa.trainer.plan.TrainingPlan;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.train.StepRecipe;
import io.glossa.trainer.train.TrainConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code plan train}. */
@Command(
        name = "train",
        description = {
            "Says what each rank of a training would take of its device, the largest batch that fits, what ranks send to"
                    + " each other, and how long a step would take; and what to choose. Programs go through the"
                    + " compiler's passes on this machine; no device is asked, nothing is run. Times rest on the"
                    + " device's figures in deploy/presets/device, which say where they are from."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Settings (--set) are those of 'submit pretrain', 'finetune' or 'most'; these bear on the plan: the",
            "  model's, codebooks, codes, code-dim, capacity; the head's; parts, sharding, optimizer-state, dtype;",
            "  of most also phases, and the seconds of its streams' batches, by which they share --batch",
            "",
            "Example",
            "  ./glossa plan train --preset 2b --ranks 64 --device h200"
        })
public final class PlanTrainCommand implements Callable<Integer> {
    private static final String LARGEST = "auto";

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            defaultValue = "xs",
            description = "model (default: ${DEFAULT-VALUE}). An unknown one is answered with the known ones")
    private String preset;

    @Option(
            names = "--objective",
            paramLabel = "NAME",
            defaultValue = BestRq.KIND,
            description = "bestrq, ctc, rnnt, las or most (default: ${DEFAULT-VALUE})")
    private String objective;

    @Option(
            names = "--symbols",
            paramLabel = "N",
            defaultValue = "128",
            description = "that a recogniser writes (default: ${DEFAULT-VALUE})")
    private int symbols;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = "h200",
            description = "of each rank: cpu, h100 or h200 (default: ${DEFAULT-VALUE})")
    private String device;

    @Option(
            names = "--memory",
            paramLabel = "GB",
            description = "of the device, 10^9 bytes (default: as the device has)")
    private Double memory;

    @Option(
            names = "--ranks",
            paramLabel = "N",
            defaultValue = "1",
            description = "processes that train together (default: ${DEFAULT-VALUE})")
    private int ranks;

    @Option(
            names = "--ranks-per-machine",
            paramLabel = "N",
            description = "as many as share a machine's way out (default: as the device has)")
    private Integer ranksPerMachine;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "16",
            description = "length of an utterance (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = LARGEST,
            description = "utterances of a part, with most of its paired stream, or '" + LARGEST
                    + "': the most that fit (default: ${DEFAULT-VALUE})")
    private String batch;

    @Option(
            names = "--activation-budget",
            paramLabel = "MB",
            defaultValue = "0",
            description = "memory for activations; what does not fit is computed again (default: no limit)")
    private int activationMb;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "one setting; may be repeated. Unless set, dtype is bf16, and parts as many as ranks")
    private Map<String, String> set = new LinkedHashMap<>();

    @Option(names = "--json", description = "print one line of JSON, last")
    private boolean json;

    @Override
    public Integer call() {
        requireSizes();
        Map<String, String> all =
                new LinkedHashMap<>(Map.of("dtype", Precision.BF16.title(), "parts", String.valueOf(ranks)));
        all.putAll(set);
        List<Class<? extends Record>> types = new ArrayList<>(StepRecipe.settings());
        types.add(TrainConfig.class);
        Overrides overrides = new Overrides(all, types);
        TrainConfig training = overrides.bind(TrainConfig.class, TrainConfig.DEFAULTS);
        DevicePreset rank = device();
        Asked asked = asked(overrides, training);
        TrainingPlan plan;
        try (Progress progress = Progress.of("plan")) {
            int[] programs = {0};
            plan = TrainingPlan.of(
                    asked,
                    rank,
                    ways(training),
                    utterances(),
                    what -> progress.update(programs[0]++, 0, "programs lowered", what));
        }
        PlanLine line = PlanLine.of(plan, preset, training.dtype());
        System.out.print(json ? Json.line(line) + System.lineSeparator() : new PlanText(plan, line).text());
        return 0;
    }

    private void requireSizes() {
        if (ranks < 1 || seconds < 1) {
            throw GlossaException.user("Cannot plan for " + ranks + " ranks and utterances of " + seconds
                    + " s, expected at least 1 each");
        }
    }

    private Asked asked(Overrides overrides, TrainConfig training) {
        Precision precision = Precision.of(training.dtype());
        if (precision.isF8() && device.equals("cpu")) {
            throw GlossaException.user("Cannot plan for dtype=" + training.dtype() + " on cpu, expected fp32 or bf16");
        }
        return new Asked(
                StepRecipe.named(
                        objective,
                        preset,
                        symbols,
                        overrides.set(),
                        training.optimizer(),
                        training.batches().batchSeconds()),
                seconds * 100,
                ranks,
                training.batches().parts(),
                new Compile.Options(Compile.Grouping.FUSED, precision, Machine.activationBytes(activationMb)));
    }

    private DevicePreset device() {
        DevicePreset found = DevicePreset.of(device);
        if (memory != null && !(memory > 0)) {
            throw GlossaException.user("Cannot plan for a memory of " + memory + " GB, expected more than 0");
        }
        DevicePreset sized = memory == null ? found : found.withMemory((long) (memory * 1e9));
        return ranksPerMachine == null ? sized : sized.withRanksPerMachine(ranksPerMachine);
    }

    /** One rank has all, whatever is asked for. */
    private List<Sharding> ways(TrainConfig training) {
        if (ranks == 1) {
            return List.of(Sharding.NONE);
        }
        return set.containsKey("sharding")
                ? List.of(Sharding.valueOf(training.sharding().toUpperCase(Locale.ROOT)))
                : List.of(Sharding.values());
    }

    private OptionalInt utterances() {
        if (batch.equals(LARGEST)) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(Integer.parseInt(batch));
        } catch (NumberFormatException e) {
            throw GlossaException.user(
                            "Cannot plan for a batch of '" + batch + "' utterances, expected a number or " + LARGEST)
                    .causedBy(e);
        }
    }
}
