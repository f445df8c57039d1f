package io.glossa.jobs.demo;

import io.glossa.error.GlossaException;
import io.glossa.featurize.source.Sources;
import io.glossa.jobs.corpus.Corpus;
import io.glossa.jobs.corpus.DebianManuals;
import io.glossa.jobs.corpus.DebianPrompts;
import io.glossa.jobs.spark.Logging;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.HadoopFiles;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.text.TextEncoding;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code demo}. */
@Command(
        name = "demo",
        description = {
            "From recorded speech to a report with error rates: ingest, featurize, a recogniser from scratch (a), BEST-RQ",
            "pre-training and a recogniser from it (b), pseudo-labels by (b) and a recogniser that learns from them too (c),",
            "MOST on speech and sentences of manual pages and a recogniser from that (d).",
            "Run again, it goes on where it stopped."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class DemoCommand implements Callable<Integer> {
    @Option(names = "--quick", description = "one language and fewer passes: a few minutes")
    private boolean quick;

    @Option(
            names = "--audio",
            paramLabel = "DIR",
            description = "your own recordings, those with a .txt of the same name labelled, instead of Debian's voice"
                    + " prompts; by their names 60 %% of the labelled ones are for training, 20 %% for tests, and 20 %% are"
                    + " used without their text")
    private Path audio;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            description =
                    "with --audio: encoding of the texts that are neither UTF-8 nor UTF-16 with a byte order mark")
    private String encoding;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "where the lake, the models and the report go (default: work/demo beside ./glossa)")
    private Path work;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "decides everything random")
    private int seed;

    @Override
    public Integer call() {
        if (encoding != null && audio == null) {
            throw GlossaException.user(
                    "Cannot use --encoding " + encoding + ": found no --audio, expected a folder of texts with it");
        }
        TextEncoding texts = encoding == null ? TextEncoding.UNICODE : TextEncoding.named(encoding);
        DemoPlan plan = quick ? DemoPlan.QUICK : DemoPlan.FULL;
        Path folder = (work != null ? work : Path.of(System.getProperty("glossa.home", "."), "work", "demo"))
                .toAbsolutePath()
                .normalize();
        Logging.toFile(folder.resolve("glossa.log"));
        Corpus corpus = audio != null
                ? Corpus.of(Sources.open(audio.toString(), texts, HadoopFiles.conf()))
                : DebianPrompts.fetch(folder.resolve("audio"), plan.languages())
                        .with(DebianManuals.fetch(folder.resolve("texts"), plan.languages()));
        String title = audio != null ? "Your recordings" : quick ? "The quick demo" : "The demo";
        try (Lake lake = Lake.open(LakeConfig.local(folder.resolve("lake")));
                Session session = Session.open("demo", lake)) {
            Demo.run(title, plan, seed, corpus, lake, session.spark(), folder, System.out);
        }
        return 0;
    }
}
