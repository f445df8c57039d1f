package io.glossa.jobs.text;

import static org.apache.spark.sql.functions.col;

import io.glossa.error.GlossaException;
import io.glossa.jobs.cli.Summary;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.trainer.text.SentencePiece;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A tokenizer from the lake's texts. */
public final class TokenizerJob {
    static final String NAME = "tokenizer";

    private TokenizerJob() {}

    /**
     * Learns BPE pieces from what persons said in some splits and from all sentences, and writes them as a {@code .model} file,
     * the same for the same snapshots.
     *
     * @param size pieces in all
     */
    public static Summary run(
            Lake lake, SparkSession spark, List<String> splits, int size, Folder folder, String name) {
        long start = System.nanoTime();
        Map<String, String> notes = new LinkedHashMap<>();
        OptionalLong transcripts = lake.snapshot(LakeTable.TRANSCRIPTS);
        OptionalLong sentences = lake.snapshot(LakeTable.SENTENCES);
        Dataset<String> texts = texts(spark, LakeTable.TRANSCRIPTS, transcripts, notes)
                .where(col("kind").equalTo("human").and(col("split").isInCollection(splits)))
                .select("text")
                .union(texts(spark, LakeTable.SENTENCES, sentences, notes).select("text"))
                .as(Encoders.STRING());
        long count = texts.count();
        if (count == 0) {
            throw GlossaException.user("Cannot learn a tokenizer: " + lake.location()
                            + " has no transcripts of the splits " + String.join(", ", splits)
                            + " and no sentences, expected some (run ingest or ingest-text first)")
                    .forWantOfInput();
        }
        SentencePiece tokenizer = SentencePiece.of(LearnedPieces.bpe(texts, size));
        try {
            folder.write(name, tokenizer.file());
        } catch (IOException e) {
            throw GlossaException.resource(
                            "Cannot write " + folder.file(name) + ": " + e + ", expected a writable folder")
                    .causedBy(e);
        }
        new TokenizerOrigin(transcripts.orElse(0), splits, sentences.orElse(0)).note(lake, tokenizer.digest());
        notes.put("tokenizer", tokenizer.digest());
        notes.put("file", folder.file(name));
        return new Summary(
                NAME,
                Summary.secondsSince(start),
                0,
                String.format(Locale.ROOT, "%,d texts", count),
                String.format(Locale.ROOT, "%,d pieces", tokenizer.size()),
                Map.of(),
                Map.of(),
                notes);
    }

    private static Dataset<Row> texts(
            SparkSession spark, LakeTable table, OptionalLong snapshot, Map<String, String> notes) {
        String name = Lake.nameOf(table);
        if (snapshot.isEmpty()) {
            return spark.table(name);
        }
        notes.put(table.tableName(), "snapshot " + snapshot.getAsLong());
        return spark.read()
                .option("versionAsOf", Long.toString(snapshot.getAsLong()))
                .table(name);
    }
}
