package io.glossa.jobs.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.min;

import io.glossa.error.GlossaException;
import io.glossa.storage.LakeTable;
import io.glossa.trainer.objective.SymbolTable;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The texts that a recogniser learns to write, by utterance.
 *
 * @param symbols every character of the human texts
 * @param human what persons wrote: {@code utterance_id}, {@code human}
 * @param pseudo what a teacher heard, of utterances that no person transcribed: {@code utterance_id}, {@code pseudo}
 */
record TrainTexts(SymbolTable symbols, Dataset<Row> human, Dataset<Row> pseudo) {
    /** Finds them in a snapshot of {@code transcripts}. */
    static TrainTexts of(SparkSession spark, TrainData data) {
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
        List<String> characters = human.select("human")
                .as(Encoders.STRING())
                .flatMap(
                        (FlatMapFunction<String, String>) text -> text.codePoints()
                                .distinct()
                                .mapToObj(Character::toString)
                                .iterator(),
                        Encoders.STRING())
                .distinct()
                .collectAsList();
        return new TrainTexts(SymbolTable.of(characters), human, pseudo(transcripts, human, data));
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
