/**
 * What a run measured, as {@code report.json} and as a page to read: measurements enter, two files leave. No state, no
 * Spark.
 *
 * <p>{@link io.glossa.jobs.report.MemoryChart} draws alone, for {@code explain}.
 *
 * <p>The page is one file: charts are inline SVG, pictures are data URIs, and nothing is loaded from anywhere.
 */
package io.glossa.jobs.report;
