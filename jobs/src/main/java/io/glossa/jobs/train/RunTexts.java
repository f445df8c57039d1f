package io.glossa.jobs.train;

import io.glossa.jobs.text.TokenizerOrigin;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.SnapshotReader;
import io.glossa.storage.checkpoint.CheckpointMeta;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/**
 * Which texts a training could learn from.
 *
 * @param teachers digest of the model whose text an utterance has, by utterance; those that a person transcribed are not among them
 * @param numbered utterances and sentences whose texts the tokenizer was made of
 * @param tokenizer a sentence that says why nobody knows what it was made of; empty: {@code numbered} is all
 */
public record RunTexts(Map<String, String> teachers, Set<String> numbered, Optional<String> tokenizer) {
    private static final RunTexts NONE = new RunTexts(Map.of(), Set.of(), Optional.empty());
    private static final String GIVEN = "sentencepiece:";

    /**
     * Those that a checkpoint names; none of a training without texts.
     *
     * @param run the folder of its training
     * @param some of these utterances alone; empty: of all, and of sentences
     */
    public static RunTexts of(Lake lake, Folder run, CheckpointMeta meta, Optional<Set<String>> some) {
        TrainData data = TrainedData.of(lake, run, meta);
        if (!data.labelled()) {
            return NONE;
        }
        Set<String> human = human(lake, data.transcripts(), data.splits(), some);
        Map<String, String> teachers = new HashMap<>();
        Expression accepted = Expressions.and(
                Expressions.equal("kind", "pseudo"),
                Expressions.equal("generation", data.pseudo().generation()),
                Expressions.equal("verdict", "accepted"));
        read(
                lake,
                LakeTable.TRANSCRIPTS,
                data.transcripts(),
                Expressions.and(accepted, among(some)),
                row -> teachers.put(row.get("utterance_id").toString(), String.valueOf(row.get("teacher"))),
                "utterance_id",
                "teacher");
        teachers.keySet().removeAll(human);
        String tokenizer = data.tokenizer().name();
        if (!tokenizer.startsWith(GIVEN)) {
            return new RunTexts(teachers, human, Optional.empty());
        }
        return TokenizerOrigin.of(lake, tokenizer.substring(GIVEN.length()))
                .map(origin -> new RunTexts(teachers, numbered(lake, origin, some), Optional.empty()))
                .orElseGet(() -> new RunTexts(
                        teachers,
                        Set.of(),
                        Optional.of("its tokenizer, " + tokenizer
                                + ", was given as a file, and what it was learned from is not noted in this lake")));
    }

    private static Set<String> numbered(Lake lake, TokenizerOrigin origin, Optional<Set<String>> some) {
        Set<String> ids = new HashSet<>();
        if (origin.transcripts() != 0) {
            ids.addAll(human(lake, origin.transcripts(), origin.splits(), some));
        }
        if (origin.sentences() != 0 && some.isEmpty()) {
            read(
                    lake,
                    LakeTable.SENTENCES,
                    origin.sentences(),
                    Expressions.alwaysTrue(),
                    row -> ids.add(row.get("id").toString()),
                    "id");
        }
        return ids;
    }

    private static Set<String> human(Lake lake, long snapshot, List<String> splits, Optional<Set<String>> some) {
        Set<String> ids = new HashSet<>();
        Expression human =
                Expressions.and(Expressions.equal("kind", "human"), Expressions.in("split", splits.toArray()));
        read(
                lake,
                LakeTable.TRANSCRIPTS,
                snapshot,
                Expressions.and(human, among(some)),
                row -> ids.add(row.get("utterance_id").toString()),
                "utterance_id");
        return ids;
    }

    private static Expression among(Optional<Set<String>> some) {
        return some.<Expression>map(ids -> Expressions.in("utterance_id", ids.toArray()))
                .orElse(Expressions.alwaysTrue());
    }

    private static void read(
            Lake lake,
            LakeTable table,
            long snapshot,
            Expression condition,
            Consumer<GenericRecord> use,
            String... columns) {
        SnapshotReader reader =
                SnapshotReader.of(lake, table, snapshot).select(columns).where(condition);
        try (Stream<GenericRecord> rows = reader.rows()) {
            rows.forEach(use);
        }
    }
}
