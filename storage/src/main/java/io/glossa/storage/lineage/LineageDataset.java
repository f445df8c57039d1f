package io.glossa.storage.lineage;

import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;

/**
 * A dataset that a run read or wrote.
 *
 * @param name its name
 * @param version the snapshot id of a table, the digest of a model
 */
public record LineageDataset(DatasetName name, String version) {
    /** One snapshot of a table. */
    public static LineageDataset of(Lake lake, LakeTable table, long snapshot) {
        return new LineageDataset(DatasetName.of(lake, table), Long.toString(snapshot));
    }
}
