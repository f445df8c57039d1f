package io.glossa.jobs.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;

import io.glossa.error.GlossaException;
import io.glossa.jobs.consent.Bars;
import io.glossa.storage.LakeTable;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.text.Encoding;
import io.glossa.trainer.text.Tokenizer;
import io.glossa.trainer.text.Tokenizers;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The texts that a recogniser learns to write, by utterance.
 *
 * @param symbols that the human texts are made of
 * @param unknownShare of these texts' characters, those that have no symbol
 * @param human what persons wrote: {@code utterance_id}, {@code human}
 * @param pseudo what a teacher heard, of utterances that no person transcribed: {@code utterance_id}, {@code pseudo}
 */
record TrainTexts(SymbolTable symbols, double unknownShare, Dataset<Row> human, Dataset<Row> pseudo) {
    private static final double MOST_UNKNOWN = 0.05;
    private static final StructType COUNTS =
            new StructType().add("characters", DataTypes.LongType).add("unknown", DataTypes.LongType);

    /** Finds them in a snapshot of {@code transcripts}; symbols are not made of what is left out. */
    static TrainTexts of(SparkSession spark, TrainData data, Bars bars) {
        Dataset<Row> transcripts = TrainRows.table(spark, LakeTable.TRANSCRIPTS, data.transcripts());
        Dataset<Row> human = texts(
                transcripts
                        .where(col("kind").equalTo("human"))
                        .where(col("split").isInCollection(data.splits())),
                "human");
        if (human.isEmpty()) {
            throw GlossaException.user("Cannot fine-tune: snapshot " + data.transcripts()
                            + " of transcripts has no human text of the splits " + String.join(", ", data.splits())
                            + ", expected some (choose other splits, or ingest transcripts)")
                    .forWantOfInput();
        }
        Dataset<String> texts = bars.allowed(human).select("human").as(Encoders.STRING());
        SymbolTable symbols = new SymbolTable(data.tokenizer().tokenizer(texts));
        return new TrainTexts(symbols, unknownShare(symbols, texts), human, pseudo(transcripts, human, data));
    }

    private static double unknownShare(SymbolTable symbols, Dataset<String> texts) {
        if (symbols.tokenizer().unknown().isEmpty()) {
            return 0; // such a tokenizer refuses the text
        }
        Map<String, String> config = symbols.config();
        Row counts = texts.mapPartitions(
                        (MapPartitionsFunction<String, Row>) some -> unknown(some, Tokenizers.of(config)),
                        Encoders.row(COUNTS))
                .agg(sum("characters"), sum("unknown"))
                .first();
        double share = counts.getLong(1) / Math.max(1.0, counts.getLong(0));
        if (share > MOST_UNKNOWN) {
            throw GlossaException.data(String.format(
                    Locale.ROOT,
                    "Cannot fine-tune with tokenizer %s: it has no symbol for %.1f %% of the characters in the human texts, expected"
                            + " at most %.0f %% (take one that was made of such texts, or --tokenizer graphemes)",
                    symbols,
                    100 * share,
                    100 * MOST_UNKNOWN));
        }
        return share;
    }

    private static Iterator<Row> unknown(Iterator<String> texts, Tokenizer tokenizer) {
        long characters = 0;
        long unknown = 0;
        while (texts.hasNext()) {
            Encoding encoding = tokenizer.encoding(texts.next());
            characters += encoding.characters();
            unknown += encoding.unknown();
        }
        return List.of(RowFactory.create(characters, unknown)).iterator();
    }

    private static Dataset<Row> pseudo(Dataset<Row> transcripts, Dataset<Row> human, TrainData data) {
        PseudoLabels asked = data.pseudo();
        Dataset<Row> accepted = transcripts
                .where(col("kind").equalTo("pseudo"))
                .where(col("generation").equalTo(asked.generation()))
                .where(col("verdict").equalTo("accepted"));
        Dataset<Row> pseudo = texts(accepted, "pseudo").join(human, "utterance_id", "left_anti");
        if (!asked.used()) {
            return pseudo.limit(0);
        }
        String which = "Cannot fine-tune on pseudo-labels of generation " + asked.generation() + ": ";
        if (pseudo.isEmpty()) {
            throw GlossaException.user(which + "snapshot " + data.transcripts()
                            + " of transcripts has none that were accepted, expected some (run label first)")
                    .forWantOfInput();
        }
        List<String> teachers =
                accepted.select("teacher").distinct().as(Encoders.STRING()).collectAsList();
        if (teachers.size() > 1) {
            throw GlossaException.user(which + "found labels of " + teachers.size() + " teachers, "
                    + teachers.stream().sorted().toList() + ", expected one (label with another --generation)");
        }
        return pseudo;
    }

    /** One for each utterance, whatever older writers left. */
    private static Dataset<Row> texts(Dataset<Row> transcripts, String name) {
        return transcripts.groupBy("utterance_id").agg(min("text").as(name));
    }
}
