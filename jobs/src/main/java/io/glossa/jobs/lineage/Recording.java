package io.glossa.jobs.lineage;

import io.glossa.error.GlossaException;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.expressions.Expressions;

/**
 * A recording that the lake has or had.
 *
 * @param utterances that were ever cut from it
 */
record Recording(String id, String uri, String licence, Set<String> utterances) {
    private static final List<String> COLUMNS = List.of("id", "uri", "licence");

    /**
     * The one that a person names.
     *
     * @param name its id, or the end of its URI from a slash on
     * @throws GlossaException of type USER if there is none, or several
     */
    static Recording named(Lake lake, String name) {
        Map<String, Recording> found = new TreeMap<>();
        History.read(lake, LakeTable.RECORDINGS, COLUMNS, Expressions.alwaysTrue(), () -> false, row -> {
            String id = row.get("id").toString();
            String uri = row.get("uri").toString();
            if (id.equals(name) || uri.equals(name) || uri.endsWith("/" + name)) {
                found.putIfAbsent(id, new Recording(id, uri, row.get("licence").toString(), Set.of()));
            }
        });
        if (found.size() != 1) {
            throw GlossaException.user("Cannot tell about recording '" + name + "': found " + found.size()
                    + " recordings "
                    + found.values().stream().map(Recording::uri).toList()
                    + ", expected one (its id, or more of its URI)");
        }
        Recording one = found.values().iterator().next();
        return new Recording(one.id(), one.uri(), one.licence(), cutFrom(lake, one.id()));
    }

    private static Set<String> cutFrom(Lake lake, String recording) {
        Set<String> ids = new TreeSet<>();
        History.read(
                lake,
                LakeTable.UTTERANCES,
                List.of("id"),
                Expressions.equal("recording_id", recording),
                () -> false,
                row -> ids.add(row.get("id").toString()));
        return ids;
    }
}
