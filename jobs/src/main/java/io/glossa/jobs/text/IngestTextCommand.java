package io.glossa.jobs.text;

import io.glossa.featurize.source.Languages;
import io.glossa.featurize.text.TextConfig;
import io.glossa.jobs.spark.LakeOptions;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Lake;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code submit ingest-text}. */
@Command(
        name = IngestTextJob.NAME,
        description = {
            "Reads text without speech into the lake: tables sentences and rejects.",
            "A line is a sentence in UTF-8; files are plain, gzip or zstd. Sentences are normalised as transcripts are,",
            "and each is there once, however often it is read."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example:",
            "  ./glossa submit ingest-text --lake work/lake --text news.txt.gz --language it --licence CC0-1.0"
        })
public final class IngestTextCommand implements Callable<Integer> {
    @Mixin
    private LakeOptions lakeOptions;

    @Option(
            names = "--text",
            paramLabel = "PATH",
            required = true,
            description = "a file, or a folder of them: a path, hdfs:, s3a: (required)")
    private String text;

    @Option(
            names = "--language",
            paramLabel = "CODE",
            required = true,
            description = "language of all of it, ISO 639, such as it (required)")
    private String language;

    @Option(
            names = "--licence",
            paramLabel = "L",
            defaultValue = "not stated",
            description = "licence of the texts (default: ${DEFAULT-VALUE})")
    private String licence;

    @Option(names = "--source", paramLabel = "NAME", description = "the corpus (default: what --text says)")
    private String source;

    @Option(
            names = "--max-bytes",
            paramLabel = "N",
            defaultValue = "4192",
            description = "longer lines are rejected (default: ${DEFAULT-VALUE}, as in SentencePiece)")
    private int maxBytes;

    @Option(
            names = "--max-reject-share",
            paramLabel = "SHARE",
            defaultValue = "0.05",
            description = "the job fails if more of the lines are too long or in another encoding (default:"
                    + " ${DEFAULT-VALUE})")
    private double maxRejectShare;

    @Override
    public Integer call() {
        TextConfig config = new TextConfig(
                Languages.require(language), source == null ? text : source, licence, maxBytes, maxRejectShare);
        try (Lake lake = lakeOptions.open();
                Session session = Session.open(IngestTextJob.NAME, lake)) {
            IngestTextJob.run(text, config, lake, session.spark()).print(System.out);
        }
        return 0;
    }
}
