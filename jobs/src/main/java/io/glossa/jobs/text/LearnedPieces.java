package io.glossa.jobs.text;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

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
    /**
     * Characters of the words that the driver holds: the most frequent words, and of equally frequent ones any, as a hash has
     * them, since texts without spaces have words that are whole sentences and are there once.
     */
    private static final long MOST_CHARACTERS = 5_000_000;

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
        return BpeTraining.train(words(texts, MOST_CHARACTERS), size);
    }

    /** How often the most frequent words are there that have so many characters together. */
    static Map<String, Long> words(Dataset<String> texts, long characters) {
        Iterator<Row> counted = texts.flatMap(
                        (FlatMapFunction<String, String>)
                                text -> List.of(text.split(" ")).iterator(),
                        Encoders.STRING())
                .where(col("value").notEqual(""))
                .groupBy("value")
                .count()
                .orderBy(col("count").desc(), xxhash64(col("value")), col("value"))
                .toLocalIterator();
        Map<String, Long> words = new HashMap<>();
        long left = characters;
        while (counted.hasNext()) {
            Row word = counted.next();
            left -= word.getString(0).length();
            if (left < 0) {
                break;
            }
            words.put(word.getString(0), word.getLong(1));
        }
        return words;
    }
}
