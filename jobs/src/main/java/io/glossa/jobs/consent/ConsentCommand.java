package io.glossa.jobs.consent;

import io.glossa.jobs.spark.LakeOptions;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Lake;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code submit consent}. */
@Command(
        name = ConsentJob.NAME,
        description = {
            "Reads into table consent what may be done with whose speech; pretrain, most, finetune and label keep to it (--use).",
            "A row speaks of what matches all that it names, and each row that speaks of an utterance must allow its use.",
            "A later file has the last word on the subjects that it names; rows that cannot be used are rejects."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Columns, of which a file has those that it needs",
            "  recording    a recording's id, or its URI as the lake has it",
            "  speaker      as the lake has it; with a source where other corpora have speakers of that name",
            "  source       the corpus",
            "  licence      with a recording or a speaker the licence that was granted; else part of what is named",
            "  purposes     words, such as research commercial; none: all",
            "  territories  words, such as IT DE; none: all",
            "  expires      YYYY-MM-DD, the last day",
            "  revoked      YYYY-MM-DD, the first day on which it may not be used any more",
            "  evidence     SHA-256 of the document that shows it",
            "",
            "What a run says of itself (--use KEY=VALUE)",
            "  purpose      a word; not said, nothing is used that is for some purposes alone",
            "  territory    a word; likewise",
            "  consent      where-stated: what no row speaks of is used (default); required: it is not",
            "  violations   stop: a run that would use what it may not does not start (default);",
            "               leave-out: it does without, and counts them among its rejects",
            "",
            "Example",
            "  ./glossa submit consent --lake work/lake --from consent.csv"
        })
public final class ConsentCommand implements Callable<Integer> {
    @Mixin
    private LakeOptions lakeOptions;

    @Option(
            names = "--from",
            paramLabel = "FILE",
            required = true,
            description = "CSV with names in its first line (.csv), or Parquet: a path, hdfs:, s3a: (required)")
    private String file;

    @Override
    public Integer call() {
        try (Lake lake = lakeOptions.open();
                Session session = Session.open(ConsentJob.NAME, lake)) {
            ConsentJob.run(file, lake, session.spark()).print(System.out);
        }
        return 0;
    }
}
