package io.glossa.jobs.text;

import static org.apache.spark.sql.functions.col;

import io.glossa.trainer.text.BpeTraining;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/** Pieces for a tokenizer, learned from texts of any number: Spark counts their words, the driver learns from these. */
public final class LearnedPieces {
    /** What the driver holds; words beyond are rarer than any piece that is learned. */
    private static final int MOST_WORDS = 500_000;

    private LearnedPieces() {}

    /**
     * Learns a model of BPE pieces.
     *
     * @param texts normalised
     * @param size pieces in all
     * @return a {@code .model} file, the same for the same texts
     * @throws io.glossa.error.GlossaException of type USER if the texts do not give so many pieces, or have more characters
     */
    public static byte[] bpe(Dataset<String> texts, int size) {
        Map<String, Long> words = new HashMap<>();
        Iterator<Row> counted = texts.flatMap(
                        (FlatMapFunction<String, String>)
                                text -> List.of(text.split(" ")).iterator(),
                        Encoders.STRING())
                .where(col("value").notEqual(""))
                .groupBy("value")
                .count()
                .orderBy(col("count").desc(), col("value"))
                .limit(MOST_WORDS)
                .toLocalIterator();
        counted.forEachRemaining(row -> words.put(row.getString(0), row.getLong(1)));
        return BpeTraining.train(words, size);
    }
}
