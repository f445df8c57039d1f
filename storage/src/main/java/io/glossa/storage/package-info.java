/**
 * The lake: what enters are rows (written by Spark through the catalog that {@link io.glossa.storage.Lake#sparkConf}
 * names), what leaves are the rows of one snapshot ({@link io.glossa.storage.SnapshotReader}, without Spark).
 *
 * <p>State lives in the catalog's tables alone. A row's one definition is its Avro schema
 * ({@link io.glossa.storage.LakeTable}); a snapshot id names data, and {@link io.glossa.storage.Lineage} in the snapshot's
 * summary says what it was made from.
 *
 * <p>A {@link io.glossa.storage.Folder} is one on any file system that Hadoop knows, for what is not rows.
 *
 * <p>This package touches only those parts of Iceberg whose signatures name no third party's class (Avro, Parquet,
 * Guava): on Spark's class path Iceberg comes with those relocated, and the same code must run there.
 */
package io.glossa.storage;
