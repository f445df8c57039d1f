package io.glossa.jobs.evaluate;

import io.glossa.jobs.spark.DeviceOption;
import io.glossa.jobs.spark.FrontEndOption;
import io.glossa.jobs.spark.LakeOptions;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code submit evaluate}: error rates of a trained recogniser. */
@Command(
        name = EvaluateJob.NAME,
        description = {
            "Recognises what people transcribed, and says how wrong that is: by language, with confidence intervals.",
            "evaluation.json and hypotheses.jsonl go into the checkpoint's directory."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Example:", "  ./glossa submit evaluate --lake work/lake --model work/lake/models/finetune"})
public final class EvaluateCommand implements Callable<Integer> {
    @Mixin
    private LakeOptions lakeOptions;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            required = true,
            description =
                    "the recogniser: a checkpoint, or a folder of which the last finished one is taken; on a cluster"
                            + " one that every executor sees, such as hdfs: or a shared disk (required)")
    private Folder model;

    @Option(
            names = "--base",
            paramLabel = "DIR",
            description = "where the base of its adapters is now, if it has some and that was moved")
    private Folder base;

    @Option(
            names = "--splits",
            paramLabel = "A,B",
            split = ",",
            defaultValue = "test",
            description = "splits to recognise (default: ${DEFAULT-VALUE})")
    private List<String> splits;

    @Option(
            names = "--training-splits",
            paramLabel = "A,B",
            split = ",",
            defaultValue = "train",
            description = "splits whose texts count as seen in training (default: ${DEFAULT-VALUE})")
    private List<String> trainingSplits;

    @Option(
            names = "--snapshot",
            paramLabel = "ID",
            description = "snapshot of features to read (default: the current one)")
    private Long snapshot;

    @Mixin
    private FrontEndOption frontEnd;

    @Option(
            names = "--transcripts-snapshot",
            paramLabel = "ID",
            description = "snapshot of transcripts to read (default: the current one)")
    private Long transcripts;

    @Mixin
    private DeviceOption device;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "of the confidence intervals (default: ${DEFAULT-VALUE})")
    private long seed;

    @Override
    public Integer call() {
        try (Lake lake = lakeOptions.open()) {
            EvaluateConfig config = new EvaluateConfig(
                    model,
                    Optional.ofNullable(base),
                    splits,
                    trainingSplits,
                    LakeOptions.optional(snapshot),
                    frontEnd.digest(),
                    LakeOptions.optional(transcripts),
                    seed,
                    device.name());
            try (Session session = Session.open(EvaluateJob.NAME, lake, device.name())) {
                EvaluateJob.run(config, lake, session.spark()).summary().print(System.out);
            }
        }
        return 0;
    }
}
