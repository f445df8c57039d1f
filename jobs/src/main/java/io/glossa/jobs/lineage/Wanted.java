package io.glossa.jobs.lineage;

import io.glossa.config.Sha256;
import io.glossa.error.GlossaException;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/**
 * What is to be forgotten, by names that hold no content.
 *
 * @param recordings ids of those of which nothing is to stay
 * @param uris where they were read
 * @param utterances ids of all that was ever cut from them, and of what else is to go
 */
record Wanted(Set<String> recordings, Set<String> uris, Set<String> utterances) {
    private static final String RECORDING = "recording_id";
    private static final String URI = "recording_uri";

    /**
     * Some recordings, all of them.
     *
     * @param names as {@link Recording#named} takes them
     */
    static Wanted recordings(Lake lake, List<String> names) {
        Set<String> ids = new TreeSet<>();
        Set<String> uris = new TreeSet<>();
        Set<String> utterances = new TreeSet<>();
        for (String name : names) {
            Recording recording = Recording.named(lake, name);
            ids.add(recording.id());
            utterances.addAll(recording.utterances());
        }
        History.read(
                lake,
                LakeTable.RECORDINGS,
                List.of("uri"),
                Expressions.in("id", ids.toArray()),
                () -> false,
                row -> uris.add(row.get("uri").toString()));
        return new Wanted(ids, uris, utterances);
    }

    /**
     * What a speaker said; a recording, too, in which nobody else speaks.
     *
     * @param source of this corpus alone; empty: of all
     * @throws GlossaException of type USER if the lake has and had nothing of them
     */
    static Wanted speaker(Lake lake, String speaker, String source) {
        Set<String> utterances = new TreeSet<>();
        Map<String, String> uris = new HashMap<>();
        Expression spoken = source.isEmpty()
                ? Expressions.equal("speaker", speaker)
                : Expressions.and(Expressions.equal("speaker", speaker), Expressions.equal("source", source));
        History.read(lake, LakeTable.UTTERANCES, List.of("id", RECORDING, URI), spoken, () -> false, row -> {
            utterances.add(row.get("id").toString());
            uris.put(row.get(RECORDING).toString(), row.get(URI).toString());
        });
        if (utterances.isEmpty()) {
            throw GlossaException.user("Cannot forget speaker '" + speaker + "'"
                    + (source.isEmpty() ? "" : " of '" + source + "'")
                    + ": found no utterance of that name, expected one as the lake spells it");
        }
        Set<String> shared = new HashSet<>();
        Expression same = Expressions.in(RECORDING, uris.keySet().toArray());
        History.read(lake, LakeTable.UTTERANCES, List.of("id", RECORDING), same, () -> false, row -> {
            if (!utterances.contains(row.get("id").toString())) {
                shared.add(row.get(RECORDING).toString());
            }
        });
        uris.keySet().removeAll(shared);
        return new Wanted(new TreeSet<>(uris.keySet()), new TreeSet<>(uris.values()), utterances);
    }

    /**
     * What an earlier request asked for, of which the lake has the digests alone.
     *
     * @param request the first digits of its digest
     * @throws GlossaException of type USER if there was none
     */
    static Wanted again(Lake lake, String request) {
        Set<String> recordings = new TreeSet<>();
        Set<String> utterances = new TreeSet<>();
        History.read(
                lake,
                LakeTable.FORGOTTEN,
                List.of("id", "kind"),
                Expressions.startsWith("request", request),
                () -> false,
                row -> (row.get("kind").toString().equals("recording") ? recordings : utterances)
                        .add(row.get("id").toString()));
        if (utterances.isEmpty() || request.isEmpty()) {
            throw GlossaException.user("Cannot go on with request '" + request
                    + "': found none, expected the first digits of one that was done before");
        }
        return new Wanted(recordings, Set.of(), utterances);
    }

    /** Names the request. */
    String digest() {
        return Sha256.of(String.join("\n", recordings) + "\n\n" + String.join("\n", utterances));
    }

    /** Whether a row of a table is to go. */
    Expression in(LakeTable table) {
        return switch (table) {
            case RECORDINGS -> in("id", recordings);
            case UTTERANCES -> in("id", utterances);
            case FEATURES, TRANSCRIPTS -> in("utterance_id", utterances);
            case REJECTS -> Expressions.or(in("source", refused()), in(RECORDING, recordings));
            case SENTENCES, CONSENT, FORGOTTEN -> Expressions.alwaysFalse();
        };
    }

    /** What a reject may name. */
    Set<String> refused() {
        Set<String> names = new TreeSet<>(uris);
        names.addAll(utterances);
        return names;
    }

    private static Expression in(String column, Set<String> values) {
        return values.isEmpty() ? Expressions.alwaysFalse() : Expressions.in(column, values.toArray());
    }
}
