/**
 * Where recordings come from, one class per layout.
 *
 * <p>What enters: a place on any file system that Hadoop knows. What leaves: a {@link
 * io.glossa.featurize.source.SourceFile} per recording with what the layout says of it, and counts of what was passed over.
 * No audio is read but by {@link io.glossa.featurize.source.SourceBytes}. State: none. No Spark.
 */
package io.glossa.featurize.source;
