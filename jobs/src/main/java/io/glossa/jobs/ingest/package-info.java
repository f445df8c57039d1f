/**
 * {@code submit ingest}: a folder of recordings enters, rows of recordings, utterances, transcripts and rejects leave.
 * State lives in the lake.
 */
package io.glossa.jobs.ingest;
