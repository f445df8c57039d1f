package io.glossa.jobs.train;

import io.glossa.error.GlossaException;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.SnapshotReader;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.objective.SymbolTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/**
 * The texts that a recogniser learns to write, by utterance.
 *
 * @param symbols every character of the human texts
 * @param human what persons wrote
 * @param pseudo what a teacher heard, of utterances that no person transcribed
 * @param pseudoSplits the splits of those
 * @param rejects pseudo-labels with characters that no person wrote
 */
record TrainTexts(
        SymbolTable symbols,
        Map<String, int[]> human,
        Map<String, int[]> pseudo,
        List<String> pseudoSplits,
        List<TrainReject> rejects) {
    /** Reads a snapshot of {@code transcripts}. */
    static TrainTexts read(Lake lake, TrainData data) {
        Map<String, String> human = new TreeMap<>();
        rows(
                lake,
                data,
                Expressions.and(
                        Expressions.equal("kind", "human"),
                        Expressions.in("split", data.splits().toArray())),
                row -> human.put(text(row, "utterance_id"), text(row, "text")));
        if (human.isEmpty()) {
            throw GlossaException.user("Cannot fine-tune: snapshot " + data.transcripts()
                            + " of transcripts has no human text of the splits " + String.join(", ", data.splits())
                            + ", expected some (choose other splits, or ingest transcripts)")
                    .forWantOfInput();
        }
        Map<String, String> pseudo = new TreeMap<>();
        TreeSet<String> splits = new TreeSet<>();
        if (data.pseudo().used()) {
            TreeSet<String> teachers = new TreeSet<>();
            rows(lake, data, accepted(data.pseudo().generation()), row -> {
                teachers.add(text(row, "teacher"));
                if (!human.containsKey(text(row, "utterance_id"))) {
                    pseudo.put(text(row, "utterance_id"), text(row, "text"));
                    splits.add(text(row, "split"));
                }
            });
            if (pseudo.isEmpty()) {
                throw GlossaException.user("Cannot fine-tune on pseudo-labels of generation "
                                + data.pseudo().generation() + ": snapshot " + data.transcripts()
                                + " of transcripts has none that were accepted, expected some (run label first)")
                        .forWantOfInput();
            }
            if (teachers.size() > 1) {
                throw GlossaException.user("Cannot fine-tune on pseudo-labels of generation "
                        + data.pseudo().generation() + ": found labels of " + teachers.size() + " teachers, " + teachers
                        + ", expected one (label with another --generation)");
            }
        }
        return encoded(human, pseudo, List.copyOf(splits));
    }

    /** What persons wrote of utterances that are not in a source. */
    List<TrainReject> withoutFeatures(BatchSource source) {
        Set<String> missing = new TreeSet<>(human.keySet());
        for (int i = 0; i < source.size(); i++) {
            missing.remove(source.utterance(i).id());
        }
        return missing.stream()
                .map(id -> new TrainReject(id, "no-features", "it has no features of this front end"))
                .toList();
    }

    private static TrainTexts encoded(Map<String, String> human, Map<String, String> pseudo, List<String> splits) {
        SymbolTable symbols = SymbolTable.of(human.values());
        Map<String, int[]> humanLabels = new LinkedHashMap<>();
        human.forEach((id, text) -> humanLabels.put(id, symbols.encode(text)));
        Map<String, int[]> pseudoLabels = new LinkedHashMap<>();
        List<TrainReject> rejects = new ArrayList<>();
        pseudo.forEach((id, text) -> {
            if (symbols.covers(text)) {
                pseudoLabels.put(id, symbols.encode(text));
            } else {
                rejects.add(new TrainReject(
                        id,
                        "other-symbols",
                        "'" + text + "' has characters that are in no human text, '" + symbols.text() + "'"));
            }
        });
        return new TrainTexts(symbols, humanLabels, pseudoLabels, splits, rejects);
    }

    private static Expression accepted(int generation) {
        return Expressions.and(
                Expressions.equal("kind", "pseudo"),
                Expressions.equal("generation", generation),
                Expressions.equal("verdict", "accepted"));
    }

    private static void rows(Lake lake, TrainData data, Expression condition, Consumer<GenericRecord> use) {
        SnapshotReader reader = SnapshotReader.of(lake, LakeTable.TRANSCRIPTS, data.transcripts())
                .select("utterance_id", "split", "text", "teacher")
                .where(condition);
        try (Stream<GenericRecord> rows = reader.rows()) {
            rows.forEach(use);
        }
    }

    private static String text(GenericRecord row, String column) {
        return row.get(column).toString();
    }
}
