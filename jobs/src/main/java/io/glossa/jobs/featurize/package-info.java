/** {@code submit featurize}: utterances enter, rows of features leave. State lives in the lake. */
package io.glossa.jobs.featurize;
