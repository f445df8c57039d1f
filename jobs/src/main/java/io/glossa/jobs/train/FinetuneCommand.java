package io.glossa.jobs.train;

import io.glossa.jobs.spark.LakeOptions;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code submit finetune}. */
@Command(
        name = FinetuneJob.NAME,
        description = {
            "Trains a recogniser on features and their texts, by CTC: from a pre-trained encoder or from nothing.",
            "Run again after an interruption, it goes on from its last checkpoint; run again when done, it does nothing."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Settings (--set)",
            "  model     layers, d-model, heads, ffn, kernel, mels, channels, convolution (crossing,",
            "            causal-chunk), attention (full, local:LEFT,RIGHT, chunk:FRAMES of 40 ms)",
            "  CTC       spec-augment",
            "  training  passes, batch-seconds, parts, buckets, learning-rate, warmup-steps,",
            "            hold-share, floor-share, weight-decay, clip-norm, seed,",
            "            checkpoint-steps, keep-last, keep-every, optimizer-state (fp32, bf16),",
            "            sharding (none, optimizer), dtype (fp32, bf16; on GPUs also fp8, fp8-fast)",
            "",
            "Example",
            "  ./glossa submit finetune --lake work/lake --init work/lake/models/pretrain"
        })
public final class FinetuneCommand implements Callable<Integer> {
    @Mixin
    private LakeOptions lakeOptions;

    @ArgGroup
    private Origin origin = new Origin();

    @Option(
            names = "--pseudo-generation",
            paramLabel = "G",
            defaultValue = "0",
            description = "learn from the accepted pseudo-labels of this generation besides")
    private int generation;

    @Option(
            names = "--pseudo-weight",
            paramLabel = "W",
            defaultValue = "1",
            description =
                    "how often each pseudo-labelled utterance is seen in a pass, relative to the others; a fraction"
                            + " chooses a fixed part of them (default: ${DEFAULT-VALUE})")
    private double weight;

    @Option(
            names = "--transcripts-snapshot",
            paramLabel = "ID",
            description = "snapshot of transcripts to read (default: the current one)")
    private Long transcripts;

    @Mixin
    private TrainOptions train;

    /** Where the model comes from: one or the other. */
    private static final class Origin {
        @Option(
                names = "--preset",
                paramLabel = "NAME",
                description = "a new model: xs, s, demo, 0.6b or 2b (default: xs)")
        private String preset = "xs";

        @Option(
                names = "--init",
                paramLabel = "DIR",
                description = "the encoder of this checkpoint, or of the last finished one in this folder")
        private Folder init;
    }

    @Override
    public Integer call() {
        try (Lake lake = lakeOptions.open()) {
            FinetuneConfig config = config(train.folder(lake, FinetuneJob.NAME))
                    .with(new PseudoLabels(generation, weight))
                    .withSnapshots(train.snapshot(), LakeOptions.optional(transcripts))
                    .withFrontEnd(train.frontEnd())
                    .on(train.machine());
            try (Session session =
                    Session.open(FinetuneJob.NAME, lake, train.machine().device())) {
                FinetuneJob.run(config, lake, session.spark()).summary().print(System.out);
            }
        }
        return 0;
    }

    private FinetuneConfig config(Folder folder) {
        return origin.init == null
                ? FinetuneConfig.of(origin.preset, train.set(), train.splits(), folder)
                : FinetuneConfig.from(origin.init, train.set(), train.splits(), folder);
    }
}
