package io.glossa.storage.lineage;

import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import java.net.URI;
import java.util.Map;

/**
 * The name of a dataset in OpenLineage, as its Spark listener makes it from the location: namespace {@code file} and the
 * whole path for a local folder; scheme and authority and the path for HDFS; bucket and key, without a slash between, for
 * an object store.
 *
 * @see <a href="https://openlineage.io/docs/spec/naming">dataset naming</a>
 */
public record DatasetName(String namespace, String name) {
    private static final Map<String, String> BUCKETS = Map.of(
            "s3", "s3", "s3a", "s3", "s3n", "s3", "gs", "gs", "abfs", "abfss", "abfss", "abfss", "wasb", "wasbs",
            "wasbs", "wasbs");

    /** The name that Spark's events have for this table. */
    public static DatasetName of(Lake lake, LakeTable table) {
        return ofLocation(lake.table(table).location());
    }

    /** The name of a folder, such as a checkpoint. */
    public static DatasetName of(Folder folder) {
        return ofLocation(folder.location());
    }

    /** @param location as a table's metadata has it: what follows the scheme is a path, not escaped */
    static DatasetName ofLocation(String location) {
        URI uri = new org.apache.hadoop.fs.Path(location).toUri();
        String path = uri.getPath();
        String trimmed = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        if (uri.getScheme() == null || uri.getScheme().equals("file")) {
            return new DatasetName("file", trimmed);
        }
        if (BUCKETS.containsKey(uri.getScheme())) {
            return new DatasetName(BUCKETS.get(uri.getScheme()) + "://" + uri.getAuthority(), trimmed.substring(1));
        }
        String authority = uri.getAuthority() == null ? "" : "://" + uri.getAuthority();
        return new DatasetName(uri.getScheme() + authority, trimmed);
    }
}
