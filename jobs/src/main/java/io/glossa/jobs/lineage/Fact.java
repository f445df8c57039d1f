package io.glossa.jobs.lineage;

import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/**
 * What the lake tells of an utterance or a sentence.
 *
 * @param seconds of audio; 0 of a sentence
 */
record Fact(String licence, String source, String lang, double seconds) {
    /** Of what no snapshot has any more, or no table ever had. */
    static final Fact UNKNOWN = new Fact("not known", "not known", "not known", 0);

    /** Of more the whole columns are read. */
    private static final int FEW = 200;

    /** Of utterances, as they are, or as they were last. */
    static Map<String, Fact> ofUtterances(Lake lake, Set<String> ids) {
        return of(lake, LakeTable.UTTERANCES, ids, List.of("id", "licence", "source", "lang", "duration_s"));
    }

    /** Of sentences. */
    static Map<String, Fact> ofSentences(Lake lake, Set<String> ids) {
        return of(lake, LakeTable.SENTENCES, ids, List.of("id", "licence", "source", "lang"));
    }

    private static Map<String, Fact> of(Lake lake, LakeTable table, Set<String> ids, List<String> columns) {
        Map<String, Fact> facts = new HashMap<>();
        Expression some =
                ids.size() <= FEW && !ids.isEmpty() ? Expressions.in("id", ids.toArray()) : Expressions.alwaysTrue();
        History.read(lake, table, columns, some, () -> facts.size() == ids.size(), row -> {
            String id = row.get("id").toString();
            if (ids.contains(id)) {
                facts.putIfAbsent(id, of(row, columns.contains("duration_s")));
            }
        });
        return facts;
    }

    private static Fact of(GenericRecord row, boolean hasAudio) {
        Object licence = row.get("licence");
        return new Fact(
                licence == null ? "not said" : licence.toString(),
                row.get("source").toString(),
                row.get("lang").toString(),
                hasAudio ? (double) row.get("duration_s") : 0);
    }
}
