/**
 * What every command's line needs: options enter through picocli, errors leave as one sentence and an exit code; progress,
 * summaries, JSON and the code's version on the way. No Spark, no lake. State: a progress bar's, while its work runs.
 */
package io.glossa.jobs.cli;
