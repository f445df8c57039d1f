package io.glossa.storage;

import io.glossa.error.GlossaException;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * An open lake: the catalog {@code lake} with the namespace {@code glossa}. Safe for use by several threads; it holds no
 * state but the catalog's connection, and sees every commit at once.
 */
public final class Lake implements AutoCloseable {
    /** The catalog's name, in Spark too. */
    public static final String CATALOG = "lake";

    /** The tables' namespace. */
    public static final String NAMESPACE = "glossa";

    private final LakeConfig config;
    private final Catalog catalog;

    private Lake(LakeConfig config, Catalog catalog) {
        this.config = config;
        this.catalog = catalog;
    }

    /** A table as Spark names it: {@code lake.glossa.utterances}. */
    public static String nameOf(LakeTable table) {
        return CATALOG + "." + NAMESPACE + "." + table.tableName();
    }

    /**
     * Connects to the catalog; creates nothing.
     *
     * @throws GlossaException of type USER if Iceberg knows no such catalog or misses a property, of type RESOURCE if the
     *     catalog does not answer
     */
    public static Lake open(LakeConfig config) {
        Map<String, String> properties = catalogProperties(config);
        HadoopUser.ensure();
        String cannot = "Cannot open the lake at " + config.warehouse() + " with a " + config.catalog() + " catalog: ";
        try {
            return new Lake(config, CatalogUtil.buildIcebergCatalog(CATALOG, properties, HadoopFiles.conf()));
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            throw GlossaException.user(cannot + e.getMessage() + ", expected hadoop, rest, jdbc or another that Iceberg"
                            + " knows, with the properties that it needs")
                    .causedBy(e);
        } catch (RuntimeException e) {
            throw GlossaException.resource(cannot + e.getMessage() + ", expected it to answer")
                    .causedBy(e);
        }
    }

    /**
     * The table as it is now; it is created first if it is absent, and gets the optional columns and the layout for new files
     * that its kind was given since it was. Two creators at once get the same table.
     */
    public Table table(LakeTable table) {
        TableIdentifier name = TableIdentifier.of(NAMESPACE, table.tableName());
        if (!catalog.tableExists(name)) {
            try {
                createNamespace();
                return catalog.buildTable(name, table.icebergSchema())
                        .withPartitionSpec(table.partitionSpec())
                        .withSortOrder(table.sortOrder())
                        .withProperties(table.properties())
                        .create();
            } catch (AlreadyExistsException | CommitFailedException e) {
                return catalog.loadTable(name); // another creator was first
            }
        }
        return upToDate(catalog.loadTable(name), table);
    }

    /** The id of the table's current snapshot; empty while nothing was written. */
    public OptionalLong snapshot(LakeTable table) {
        Snapshot current = table(table).currentSnapshot();
        return current == null ? OptionalLong.empty() : OptionalLong.of(current.snapshotId());
    }

    /**
     * Tags a snapshot {@code run-<runId>}, so that expiry spares it. Tagging it again is nothing; the same run with
     * another snapshot is a USER error that names both.
     */
    public void tag(LakeTable table, long snapshot, String runId) {
        String tag = "run-" + runId;
        Table loaded = table(table);
        SnapshotRef present = loaded.refs().get(tag);
        if (present == null) {
            loaded.manageSnapshots().createTag(tag, snapshot).commit();
        } else if (present.snapshotId() != snapshot) {
            throw GlossaException.user("Cannot tag snapshot " + snapshot + " of " + table.tableName() + " as " + tag
                    + ": it names snapshot " + present.snapshotId() + ", expected no other (start a new run)");
        }
    }

    /** The newest snapshot in the table's history that the job with this key wrote, if it has. */
    public Optional<Snapshot> completed(LakeTable table, String jobKey) {
        for (Snapshot snapshot : SnapshotUtil.currentAncestors(table(table))) {
            if (jobKey.equals(snapshot.summary().get(Lineage.JOB_KEY))) {
                return Optional.of(snapshot);
            }
        }
        return Optional.empty();
    }

    /** The warehouse that holds the tables. */
    public URI location() {
        return config.warehouse();
    }

    /** The same as a folder, for what is not rows. */
    public Folder folder() {
        return "file".equals(location().getScheme())
                ? Folder.of(Path.of(location()))
                : new Folder(location().toString());
    }

    /** What this lake was opened with: serialisable, so that a task elsewhere can open it too. */
    public LakeConfig config() {
        return config;
    }

    /**
     * The settings that open the same catalog in Spark under the same name. Spark's own table cache is off: its tables
     * would lag behind what this process writes.
     */
    public Map<String, String> sparkConf() {
        String prefix = "spark.sql.catalog." + CATALOG;
        Map<String, String> conf = new TreeMap<>();
        conf.put(prefix, "org.apache.iceberg.spark.SparkCatalog");
        conf.put(prefix + ".cache-enabled", "false");
        catalogProperties(config).forEach((key, value) -> conf.put(prefix + "." + key, value));
        return conf;
    }

    @Override
    public void close() {
        if (catalog instanceof Closeable closeable) {
            try {
                closeable.close();
            } catch (IOException e) {
                throw GlossaException.resource("Cannot close the lake at " + location() + ": " + e.getMessage())
                        .causedBy(e);
            }
        }
    }

    private Table upToDate(Table loaded, LakeTable table) {
        List<Types.NestedField> missing = table.icebergSchema().columns().stream()
                .filter(column -> loaded.schema().findField(column.name()) == null)
                .toList();
        try {
            if (!missing.isEmpty()) {
                UpdateSchema update = loaded.updateSchema();
                missing.forEach(column -> update.addColumn(column.name(), column.type(), column.doc()));
                update.commit();
            }
            TableLayout.bring(loaded, table);
            return loaded;
        } catch (CommitFailedException e) {
            return table(table); // another was first
        }
    }

    private void createNamespace() {
        Namespace namespace = Namespace.of(NAMESPACE);
        if (catalog instanceof SupportsNamespaces namespaces && !namespaces.namespaceExists(namespace)) {
            try {
                namespaces.createNamespace(namespace);
            } catch (AlreadyExistsException e) {
                return; // another creator was first
            }
        }
    }

    private static Map<String, String> catalogProperties(LakeConfig config) {
        Map<String, String> properties = new HashMap<>(config.properties());
        properties.put(CatalogUtil.ICEBERG_CATALOG_TYPE, config.catalog());
        properties.put(CatalogProperties.WAREHOUSE_LOCATION, config.warehouseLocation());
        if (config.catalog().equals(CatalogUtil.ICEBERG_CATALOG_TYPE_HADOOP)
                && "file".equals(config.warehouse().getScheme())) {
            properties.putIfAbsent(CatalogProperties.LOCK_IMPL, FileLocks.class.getName());
        }
        return properties;
    }
}
