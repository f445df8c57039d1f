package io.glossa.jobs.train;

import io.glossa.error.GlossaException;
import io.glossa.jobs.spark.LakeOptions;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.Head;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code submit finetune}. */
@Command(
        name = FinetuneJob.NAME,
        description = {
            "Trains a recogniser on features and their texts: from a pre-trained encoder or from nothing.",
            "Run again after an interruption, it goes on from its last checkpoint; run again when done, it does nothing."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Settings (--set)",
            "  model     layers, speech-layers, d-model, heads, ffn, kernel, mels, channels, adapter-width,",
            "            convolution (crossing, causal-chunk), attention (full, local:L,R, chunk:FRAMES)",
            "  head      spec-augment; of rnnt prediction-width, joint-width, ctc-weight;",
            "            of las decoder-layers, label-smoothing, ctc-weight",
            "  training  passes, batch-seconds, parts, buckets, learning-rate, warmup-steps, hold-share,",
            "            floor-share, weight-decay, clip-norm, skip-share, seed, encoder-learning-rate,",
            "            encoder-warmup-steps, encoder-delay-steps, freeze, checkpoint-steps, keep-last,",
            "            keep-every, checksum-steps, optimizer-state (fp32, bf16),",
            "            sharding (none, optimizer, parameters), dtype (fp32, bf16; on GPUs also fp8, fp8-fast)",
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
            names = "--head",
            paramLabel = "NAME",
            defaultValue = Ctc.KIND,
            description = "ctc, rnnt (a transducer) or las (attention, with CTC beside) (default: ${DEFAULT-VALUE})")
    private String head;

    @Option(
            names = "--pseudo-generation",
            paramLabel = "G",
            defaultValue = "0",
            description = "learn from this generation's pseudo-labels besides")
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
            names = "--tokenizer",
            paramLabel = "WHICH",
            defaultValue = "graphemes",
            description = "graphemes, bpe:SIZE or FILE.model: what it writes (default: ${DEFAULT-VALUE})")
    private String tokenizer;

    @Option(
            names = "--transcripts-snapshot",
            paramLabel = "ID",
            description = "snapshot of transcripts (default: the current one)")
    private Long transcripts;

    @Option(names = "--base", paramLabel = "DIR", description = "where the base of --init's adapters is now")
    private Folder base;

    @Option(
            names = "--adapters",
            paramLabel = "WIDTH",
            description =
                    "leave the encoder of --init as it is, and train two adapters of this width beside each block;"
                            + " checkpoints have these and the head alone: keep --init (its training may remove it)")
    private Integer adapters;

    @Option(
            names = "--freeze",
            paramLabel = "PATTERN",
            description = "parameters that stay as they are, such as 'encoder.**' or 'encoder.blocks.{0..3}.**'")
    private List<String> freeze = List.of();

    @Mixin
    private TrainOptions train;

    /** Where the model comes from: one or the other. */
    private static final class Origin {
        @Option(
                names = "--preset",
                paramLabel = "NAME",
                completionCandidates = PresetNames.class,
                description = "new: ${COMPLETION-CANDIDATES} (default: xs)")
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
                    .withTokenizer(tokenizer)
                    .withTranscripts(LakeOptions.optional(transcripts))
                    .on(train.features())
                    .on(train.machine());
            try (Session session =
                    Session.open(FinetuneJob.NAME, lake, train.machine().device())) {
                FinetuneJob.run(config, lake, session.spark()).summary().print(System.out);
            }
        }
        return 0;
    }

    FinetuneConfig config(Folder folder) {
        Map<String, String> set = new LinkedHashMap<>(train.set());
        List<String> frozen = new ArrayList<>(freeze);
        if (adapters != null) {
            requireInit();
            put(set, "adapter-width", adapters.toString(), "--adapters " + adapters);
            frozen.add("encoder.**");
        }
        if (!frozen.isEmpty()) {
            put(set, "freeze", String.join(",", frozen), freeze.isEmpty() ? "--adapters" : "--freeze");
        }
        if (base != null && origin.init == null) {
            throw GlossaException.user("Cannot use --base " + base
                    + ": a new model has no adapters, expected --init DIR of a model that has some (leave --base out)");
        }
        Head asked = Head.named(head);
        return origin.init == null
                ? FinetuneConfig.of(asked, origin.preset, set, train.splits(), folder)
                : FinetuneConfig.from(
                        asked, Pretrained.of(origin.init, Optional.ofNullable(base)), set, train.splits(), folder);
    }

    /** What an option says, unless the setting that it is short for says something, too. */
    private static void put(Map<String, String> set, String key, String value, String option) {
        String other = set.put(key, value);
        if (other != null) {
            throw GlossaException.user("Cannot set '" + key + "' twice: found " + option + " and --set " + key + "="
                    + other + ", expected one of them (--freeze PATTERN goes with --adapters)");
        }
    }

    private void requireInit() {
        if (origin.init == null || adapters < 1) {
            throw GlossaException.user("Cannot train adapters: found --adapters " + adapters
                    + (origin.init == null ? " without a model to put them on" : "")
                    + ", expected --adapters WIDTH, at least 1, with --init DIR");
        }
    }
}
