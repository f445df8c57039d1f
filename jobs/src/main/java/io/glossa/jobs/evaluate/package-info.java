/**
 * {@code submit evaluate}, how wrong a recogniser is: references and hypotheses enter, error rates with confidence intervals
 * leave, beside the checkpoint. Only the job itself knows Spark.
 */
package io.glossa.jobs.evaluate;
