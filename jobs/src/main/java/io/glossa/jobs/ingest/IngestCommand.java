package io.glossa.jobs.ingest;

import io.glossa.config.ConfigBinder;
import io.glossa.featurize.ingest.IngestConfig;
import io.glossa.featurize.ingest.WaveConfig;
import io.glossa.featurize.source.Source;
import io.glossa.featurize.source.Sources;
import io.glossa.jobs.spark.LakeOptions;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Lake;
import io.glossa.text.TextEncoding;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code submit ingest}. */
@Command(
        name = IngestJob.NAME,
        description = {
            "Reads recordings of any format into the lake: tables recordings, utterances, transcripts and rejects.",
            "A recording with a .txt of the same name beside it is labelled; others are cut at silences. By their names 60 %% of",
            "the labelled ones are for training, 20 %% for tests, and 20 %% are used without their text.",
            "Run again, or after it was killed, it reads only what is new or was changed; a new version of a recording or of its text takes the",
            "place of the old one."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Settings (--set): max-file-seconds, max-seconds, min-silence-seconds, max-silence-seconds;",
            "wave-bytes and wave-files, how much is read before it is written and done for ever;",
            "decoding (helpers or in-process): whether in processes beside the executor, which it outlives.",
            "",
            "Example:",
            "  ./glossa submit ingest --lake work/lake --from recordings",
            "  ./glossa submit ingest --lake hdfs:///speech/lake --from tar:s3a://bucket/shards"
        })
public final class IngestCommand implements Callable<Integer> {
    /** What {@code --set} may say. */
    record Settings(IngestConfig config, WaveConfig waves) {
        static final Settings STANDARD = new Settings(IngestConfig.standard(), WaveConfig.standard());
    }

    @Mixin
    private LakeOptions lakeOptions;

    @Option(
            names = {"--from", "--audio"},
            paramLabel = "SPEC",
            required = true,
            description = "folder of recordings, of which a first-level folder named by a language code says the"
                    + " language; or LAYOUT:PLACE with folder, tar (WebDataset), parquet, nemo, lhotse, kaldi, librispeech or"
                    + " common-voice (docs/sources.md). A place is a path, hdfs:, s3a: (required)")
    private String from;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            description = "encoding of the texts that are neither UTF-8 nor UTF-16 with a byte order mark,"
                    + " such as ISO-8859-1")
    private String encoding;

    @Option(names = "--strict", description = "reject damaged files of which a part could be kept")
    private boolean strict;

    @Option(
            names = "--max-reject-share",
            paramLabel = "SHARE",
            defaultValue = "0.05",
            description = "the job fails if more of the files are rejected (default: ${DEFAULT-VALUE})")
    private double maxRejectShare;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "one setting; may be repeated")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Override
    public Integer call() {
        TextEncoding texts = encoding == null ? TextEncoding.UNICODE : TextEncoding.named(encoding);
        try (Lake lake = lakeOptions.open()) {
            Map<String, String> all = new LinkedHashMap<>(settings);
            all.put("strict", Boolean.toString(strict));
            all.put("max-reject-share", Double.toString(maxRejectShare));
            Settings set = ConfigBinder.bind(Settings.class, all, Settings.STANDARD);
            try (Session session = Session.open(IngestJob.NAME, lake)) {
                Source source =
                        Sources.open(from, texts, session.spark().sparkContext().hadoopConfiguration());
                IngestJob.run(source, set.config(), set.waves(), lake, session.spark())
                        .summary()
                        .print(System.out);
            }
        }
        return 0;
    }
}
