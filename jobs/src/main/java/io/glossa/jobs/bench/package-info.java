/**
 * {@code bench} and {@code workbench}: steps, features and single kernels enter, measured and held against another program
 * or a device's floor; tables and lines of JSON leave. Each measurement runs in a process of its own. No state, no Spark.
 */
package io.glossa.jobs.bench;
