package io.glossa.featurize.lake;

import io.glossa.storage.LakeTable;
import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/** What a snapshot's summary says of whether its rows differ in the table's key, so that nobody has to look at them again. */
final class DistinctStage {
    private static final String DISTINCT = "glossa.distinct";

    /** Of a commit that adds no key: the rows differ if those of the snapshot before it do. */
    static final Map<String, String> AS_BEFORE = Map.of("glossa.distinct-as-before", "true");

    private DistinctStage() {}

    /** Of a commit whose rows were compared with all that are there. */
    static Map<String, String> of(LakeTable table) {
        return Map.of(DISTINCT, String.join(",", table.key()));
    }

    /** Whether the current rows are known to differ. */
    static boolean isKnown(Table table) {
        for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
            if (snapshot.summary().containsKey(DISTINCT)) {
                return true;
            }
            if (!snapshot.summary().keySet().containsAll(AS_BEFORE.keySet())) {
                return false;
            }
        }
        return false;
    }
}
