/**
 * The command line and the mains of every Spark job: options enter, tables, checkpoints and reports leave. What a job does
 * is in the modules below; here is what starts it, shows how far it has come and says what it did. State lives in the lake.
 */
package io.glossa.jobs;
