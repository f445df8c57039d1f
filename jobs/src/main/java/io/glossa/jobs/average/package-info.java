/** {@code submit average}: one model from the last checkpoints of a training. In: their folder. Out: a checkpoint. No Spark in it. */
package io.glossa.jobs.average;
