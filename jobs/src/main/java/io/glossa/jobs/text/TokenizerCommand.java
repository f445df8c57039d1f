package io.glossa.jobs.text;

import io.glossa.jobs.spark.LakeOptions;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code submit tokenizer}. */
@Command(
        name = TokenizerJob.NAME,
        description = {
            "Learns pieces of words (BPE) from the transcripts of some splits and from all sentences of the lake.",
            "The file is SentencePiece's: its programs read it, and finetune takes it by --tokenizer."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example:",
            "  ./glossa submit tokenizer --lake work/lake --size 1024 --out work/pieces",
            "  ./glossa submit finetune --lake work/lake --tokenizer work/pieces/bpe-1024.model"
        })
public final class TokenizerCommand implements Callable<Integer> {
    @Mixin
    private LakeOptions lakeOptions;

    @Option(
            names = "--size",
            paramLabel = "N",
            defaultValue = "1024",
            description = "pieces in all (default: ${DEFAULT-VALUE})")
    private int size;

    @Option(
            names = "--splits",
            paramLabel = "A,B",
            split = ",",
            defaultValue = "train",
            description = "splits whose transcripts are used (default: ${DEFAULT-VALUE})")
    private List<String> splits;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "folder for the file, bpe-N.model: a path, hdfs:, s3a: (required)")
    private Folder out;

    @Override
    public Integer call() {
        try (Lake lake = lakeOptions.open();
                Session session = Session.open(TokenizerJob.NAME, lake)) {
            TokenizerJob.run(lake, session.spark(), splits, size, out, "bpe-" + size + ".model")
                    .print(System.out);
        }
        return 0;
    }
}
