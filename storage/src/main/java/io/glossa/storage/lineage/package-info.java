/**
 * OpenLineage events of the work that Spark's listener does not see, such as training: runs with their inputs and outputs
 * enter, JSON lines as the listener's own leave. Datasets have the names that the listener gives them, so that all
 * events join into one graph. State lives in the file alone.
 */
package io.glossa.storage.lineage;
