package io.glossa.storage;

import io.glossa.error.GlossaException;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the lake is and which catalog keeps it.
 *
 * @param warehouse the folder that holds the tables; without a scheme it is a local path
 * @param catalog {@code hadoop} (an embedded folder, no server), {@code rest}, {@code jdbc}, or another type that
 *     Iceberg knows
 * @param properties what else the catalog needs, by Iceberg's names, such as {@code uri}
 */
public record LakeConfig(URI warehouse, String catalog, Map<String, String> properties) implements Serializable {
    private static final Set<String> ATOMIC_RENAME = Set.of("file", "hdfs");

    /**
     * @throws GlossaException of type USER for a Hadoop catalog on anything but {@code file:} and {@code hdfs:}: its
     *     commit is a rename, which must be atomic
     */
    public LakeConfig {
        warehouse = warehouse.getScheme() == null
                ? Path.of(warehouse.getPath()).toAbsolutePath().normalize().toUri()
                : warehouse;
        properties = Map.copyOf(properties);
        if (catalog.equals("hadoop") && !ATOMIC_RENAME.contains(warehouse.getScheme())) {
            throw GlossaException.user(
                    "Cannot open the lake at " + warehouse + ": a Hadoop catalog commits by renaming,"
                            + " which is not atomic on '" + warehouse.getScheme()
                            + ":', expected file: or hdfs: (on an object store configure a REST or JDBC catalog)");
        }
    }

    /** An embedded lake in a local folder, which is created when the first table is. */
    public static LakeConfig local(Path folder) {
        return new LakeConfig(folder.toAbsolutePath().normalize().toUri(), "hadoop", Map.of());
    }

    /** Without what properties are, since passwords are among them. */
    @Override
    public String toString() {
        return warehouse + " (" + catalog + ", " + new TreeSet<>(properties.keySet()) + ")";
    }

    /** The warehouse as catalogs want it: one slash after {@code file:} and none at the end. */
    String warehouseLocation() {
        String text = "file".equals(warehouse.getScheme()) ? "file:" + warehouse.getPath() : warehouse.toString();
        return text.length() > 1 && text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
