package io.glossa.jobs.evaluate;

import io.glossa.config.Sha256;
import io.glossa.error.GlossaException;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.SnapshotReader;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.expressions.Expressions;

/**
 * What people say was said.
 *
 * @param texts by utterance
 * @param seen the utterances whose text some training utterance of their language has too
 */
record EvaluateReferences(Map<String, String> texts, Set<String> seen) {
    /** Reads a snapshot of {@code transcripts}. */
    static EvaluateReferences read(Lake lake, long snapshot, List<String> splits, List<String> trainingSplits) {
        Map<String, String> texts = new TreeMap<>();
        Map<String, Set<String>> byText = new TreeMap<>();
        rows(lake, snapshot, splits, row -> {
            texts.put(text(row, "utterance_id"), text(row, "text"));
            byText.computeIfAbsent(key(row), key -> new TreeSet<>()).add(text(row, "utterance_id"));
        });
        if (texts.isEmpty()) {
            throw GlossaException.user("Cannot evaluate: snapshot " + snapshot
                            + " of transcripts has no human text of the splits " + String.join(", ", splits)
                            + ", expected some (choose other splits, or ingest transcripts)")
                    .forWantOfInput();
        }
        Set<String> seen = new TreeSet<>();
        if (!trainingSplits.isEmpty()) {
            rows(lake, snapshot, trainingSplits, row -> seen.addAll(byText.getOrDefault(key(row), Set.of())));
        }
        return new EvaluateReferences(texts, seen);
    }

    /** Equal for equal texts of equal utterances, whichever snapshot has them. */
    String digest() {
        StringBuilder lines = new StringBuilder();
        texts.forEach((id, text) -> lines.append(id)
                .append(seen.contains(id) ? " seen " : " new ")
                .append(text)
                .append('\n'));
        return Sha256.of(lines.toString());
    }

    private static void rows(Lake lake, long snapshot, List<String> splits, Consumer<GenericRecord> use) {
        SnapshotReader reader = SnapshotReader.of(lake, LakeTable.TRANSCRIPTS, snapshot)
                .select("utterance_id", "lang", "text")
                .where(Expressions.and(Expressions.equal("kind", "human"), Expressions.in("split", splits.toArray())));
        try (Stream<GenericRecord> rows = reader.rows()) {
            rows.forEach(use);
        }
    }

    private static String key(GenericRecord row) {
        return text(row, "lang") + "\n" + text(row, "text");
    }

    private static String text(GenericRecord row, String column) {
        return row.get(column).toString();
    }
}
