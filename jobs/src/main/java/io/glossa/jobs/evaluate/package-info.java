/**
 * How wrong a recogniser is: references and hypotheses enter, error rates with confidence intervals leave. No state, no
 * Spark.
 */
package io.glossa.jobs.evaluate;
