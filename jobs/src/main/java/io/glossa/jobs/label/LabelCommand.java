package io.glossa.jobs.label;

import io.glossa.config.ConfigBinder;
import io.glossa.jobs.consent.Terms;
import io.glossa.jobs.consent.UsageOption;
import io.glossa.jobs.spark.DeviceOption;
import io.glossa.jobs.spark.FrontEndOption;
import io.glossa.jobs.spark.LakeOptions;
import io.glossa.jobs.spark.Session;
import io.glossa.nst.FilterConfig;
import io.glossa.nst.LabelConfig;
import io.glossa.nst.RecognizeStage;
import io.glossa.nst.Teacher;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code submit label}: pseudo-labels by a trained recogniser. */
@Command(
        name = LabelJob.NAME,
        description = {
            "Labels utterances with a trained recogniser, and says which labels to learn from.",
            "Run again, it labels only what is not labelled yet."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Settings (--set): min-confidence, min-words-per-second, max-words-per-second, max-repeats.",
            "",
            "Example:",
            "  ./glossa submit label --lake work/lake --teacher work/lake/models/finetune --set min-confidence=0.7"
        })
public final class LabelCommand implements Callable<Integer> {
    @Mixin
    private LakeOptions lakeOptions;

    @Option(
            names = "--teacher",
            paramLabel = "DIR",
            required = true,
            description =
                    "the recogniser: a checkpoint, or a folder of which the last finished one is taken; on a cluster"
                            + " one that every executor sees, such as hdfs: or a shared disk (required)")
    private Folder teacher;

    @Option(
            names = "--base",
            paramLabel = "DIR",
            description = "where the base of its adapters is now, if it has some and that was moved")
    private Folder base;

    @Option(
            names = "--splits",
            paramLabel = "A,B",
            split = ",",
            defaultValue = "unlabelled",
            description = "splits whose utterances are labelled (default: ${DEFAULT-VALUE})")
    private List<String> splits;

    @Option(
            names = "--generation",
            paramLabel = "N",
            defaultValue = "1",
            description = "1 for the labels of a teacher that learned from people alone, and so on"
                    + " (default: ${DEFAULT-VALUE})")
    private int generation;

    @Option(
            names = "--snapshot",
            paramLabel = "ID",
            description = "snapshot of features to read (default: the current one)")
    private Long snapshot;

    @Mixin
    private FrontEndOption frontEnd;

    @Mixin
    private UsageOption use;

    @Mixin
    private DeviceOption device;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "one bound of the filters; may be repeated")
    private Map<String, String> settings = new TreeMap<>();

    @Override
    public Integer call() {
        try (Lake lake = lakeOptions.open()) {
            FilterConfig filters = ConfigBinder.bind(FilterConfig.class, settings, FilterConfig.DEFAULTS);
            Teacher recogniser = Teacher.of(teacher, Optional.ofNullable(base))
                    .on(device.name())
                    .hearing(frontEnd.digest());
            long features = RecognizeStage.snapshot(lake, LakeTable.FEATURES, LakeOptions.optional(snapshot));
            Terms terms = Terms.now(lake, use.usage());
            LabelConfig config = new LabelConfig(splits, generation, features, filters, terms.digest());
            try (Session session = Session.open(LabelJob.NAME, lake, device.name())) {
                LabelJob.run(config, terms, recogniser, lake, session.spark())
                        .summary()
                        .print(System.out);
            }
        }
        return 0;
    }
}
