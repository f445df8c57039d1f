/** {@code submit label}: features and a teacher enter, pseudo-labels with verdicts leave. State lives in the lake. */
package io.glossa.jobs.label;
