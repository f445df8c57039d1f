package io.glossa.jobs.train;

import io.glossa.jobs.spark.LakeOptions;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code submit most}. */
@Command(
        name = MostJob.NAME,
        description = {
            "Trains a pre-trained encoder on, by MOST, with a transducer: on speech without text, speech with",
            "text, and text without speech (ingest-text). finetune takes its encoder; evaluate and label, it as it is.",
            "Run again after an interruption, it goes on from its last checkpoint; run again when done, it does nothing."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Settings (--set)",
            "  phases    STEPS:STREAM=WEIGHT+..., one after the other, of untranscribed, paired, text",
            "            (20000:untranscribed=0.5+paired=1,100000:untranscribed=0.5+paired=1+text=0.3)",
            "  streams   batch-seconds (of paired), untranscribed-batch-seconds, text-batch-seconds,",
            "            text-temperature (1: languages as they are, higher: more even),",
            "            consistency-weight, text-mask-share, text-mask-span, text-convolutions,",
            "            last-frames, durations (random, fixed), frames-per-symbol",
            "  model     attention, convolution; of --preset the others too",
            "  others    those of pretrain and finetune --head rnnt, but no passes: phases say the steps",
            "",
            "Example",
            "  ./glossa submit most --lake work/lake --init work/lake/models/pretrain \\",
            "      --untranscribed train,unlabelled"
        })
public final class MostCommand implements Callable<Integer> {
    @Mixin
    private LakeOptions lakeOptions;

    @ArgGroup
    private Origin origin = new Origin();

    @Option(
            names = "--untranscribed",
            paramLabel = "A,B",
            split = ",",
            description = "splits that are heard without their texts (default: those of --splits)")
    private List<String> untranscribed;

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
                    "how often each pseudo-labelled utterance is seen, relative to the others (default: ${DEFAULT-VALUE})")
    private double weight;

    @Option(
            names = "--tokenizer",
            paramLabel = "WHICH",
            defaultValue = "graphemes",
            description = "graphemes, bpe:SIZE or FILE.model: what it writes (default: ${DEFAULT-VALUE})")
    private String tokenizer;

    @Option(
            names = "--sentences-snapshot",
            paramLabel = "ID",
            description = "snapshot of sentences (default: the current one)")
    private Long sentences;

    @Option(
            names = "--transcripts-snapshot",
            paramLabel = "ID",
            description = "snapshot of transcripts (default: the current one)")
    private Long transcripts;

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
                description = "the encoder, and BEST-RQ's codebooks and heads, of this checkpoint, or of the last"
                        + " finished one in this folder")
        private Folder init;
    }

    @Override
    public Integer call() {
        try (Lake lake = lakeOptions.open()) {
            Folder folder = train.folder(lake, MostJob.NAME);
            MostJobConfig config = (origin.init == null
                            ? MostJobConfig.of(origin.preset, train.set(), train.splits(), folder)
                            : MostJobConfig.from(origin.init, train.set(), train.splits(), folder))
                    .hearing(untranscribed == null ? train.splits() : untranscribed)
                    .with(new PseudoLabels(generation, weight), tokenizer)
                    .on(
                            train.features(),
                            new TextSnapshots(LakeOptions.optional(transcripts), LakeOptions.optional(sentences)))
                    .on(train.machine());
            try (Session session =
                    Session.open(MostJob.NAME, lake, train.machine().device())) {
                MostJob.run(config, lake, session.spark()).summary().print(System.out);
            }
        }
        return 0;
    }
}
