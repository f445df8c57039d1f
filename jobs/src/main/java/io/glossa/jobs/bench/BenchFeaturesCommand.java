package io.glossa.jobs.bench;

import io.glossa.featurize.mel.FeatureBench;
import io.glossa.jobs.cli.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench features}. */
@Command(
        name = "features",
        description = {
            "Measures how fast audio becomes log-mels: from samples in memory, and from files, reading and decoding"
                    + " included; the best of five passes over all files."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BenchFeaturesCommand implements Callable<Integer> {
    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "files worked on side by side (default: ${DEFAULT-VALUE})")
    private int threads;

    @Option(names = "--json", description = "print one line of JSON, last")
    private boolean json;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "audio files of any format")
    private List<Path> files;

    @Override
    public Integer call() {
        FeatureBench.Result result = FeatureBench.run(files, threads);
        System.out.println(json ? Json.line(result) : words(result));
        return 0;
    }

    private static String words(FeatureBench.Result result) {
        return String.format(
                Locale.ROOT,
                "%,d files, %.1f s of audio, %d threads: %,.0f audio seconds per second, %,.0f with decoding",
                result.files(),
                result.audioSeconds(),
                result.threads(),
                result.features(),
                result.featuresWithDecode());
    }
}
