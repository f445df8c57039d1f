/**
 * Rows into the lake's tables, so that two writers at once leave no row twice. Datasets enter; commits that Iceberg validated
 * against the snapshot that was read leave, with the lineage of their job. State: a {@link
 * io.glossa.featurize.lake.WriterStage} counts what it did; all else lives in the lake.
 */
package io.glossa.featurize.lake;
