/**
 * Noisy-student labels: a teacher's hypotheses enter, each leaves with a verdict, and with them how much each filter took
 * away. State lives in the lake's table {@code transcripts}; only classes named {@code …Stage} know Spark.
 */
package io.glossa.nst;
