package io.glossa.jobs.featurize;

import io.glossa.config.ConfigBinder;
import io.glossa.featurize.mel.FrontEndConfig;
import io.glossa.jobs.spark.LakeOptions;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Lake;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code submit featurize}. */
@Command(
        name = FeaturizeJob.NAME,
        description = {
            "Computes the log-mels of the utterances in the lake: the table features.",
            "Run again, it computes only what is missing."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Example:", "  ./glossa submit featurize --lake work/lake"})
public final class FeaturizeCommand implements Callable<Integer> {
    @Mixin
    private LakeOptions lakeOptions;

    @Option(
            names = "--snapshot",
            paramLabel = "ID",
            description = "snapshot of utterances to read (default: the current one)")
    private Long snapshot;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "one setting of the front end; may be repeated")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Override
    public Integer call() {
        try (Lake lake = lakeOptions.open()) {
            FrontEndConfig config = ConfigBinder.bind(FrontEndConfig.class, settings, FrontEndConfig.usm());
            try (Session session = Session.open(FeaturizeJob.NAME, lake)) {
                FeaturizeJob.run(config, LakeOptions.optional(snapshot), lake, session.spark())
                        .print(System.out);
            }
        }
        return 0;
    }
}
